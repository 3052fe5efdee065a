"""Le calcul est linéaire en ses volumes : les heures de chaque poste, ventilées par flux de cellule."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulations.moteur.arrondis import PERSONNE
from simulations.moteur.calcul import capacites, coefs_shift
from simulations.moteur.carte import Carte, Entiers, Flottants
from simulations.moteur.coefficients import coefficients, contributions
from simulations.moteur.croissance import Croissance
from simulations.moteur.parametres import Parametres
from simulations.moteur.volumes import repartir


@dataclass(frozen=True)
class ParFlux:
    """Les heures d'un calcul, ventilées par flux de cellule : `heures.sum(axis=1) + forfait` = heures.

    `heures` : (postes × flux + 1), la dernière colonne sert ce qui est sans flux ; `capacite` : heures
    nettes par personne et par jour (postes,) ; `flux` : codes, `""` pour la dernière colonne.
    `fixe` : ETP des postes MOI (leur effectif), 0 pour les autres.
    """

    flux: tuple[str, ...]
    heures: Flottants
    forfait: Flottants
    capacite: Flottants
    fixe: Flottants
    mod: NDArray[np.bool_]

    def etp(self, facteurs: Flottants) -> Flottants:
        """(postes × tirages) ETP quand chaque flux est multiplié par `facteurs` (flux + 1 × tirages)."""
        heures = self.heures @ facteurs + self.forfait[:, None]
        etp: Flottants = heures / self.capacite[:, None] + self.fixe[:, None]
        return etp


def par_flux(carte: Carte, saisis: Flottants, parametres: Parametres) -> ParFlux:
    """Heures de chaque poste par flux de cellule ; `saisis` : (centres × cellules) volumes annuels."""
    poste, plat, durees = carte.noyau
    nb_postes, nb_flux = len(carte.postes.id), len(carte.regles.flux)
    _, forfait = coefficients(carte, parametres)
    constant = forfait.ravel()[plat] * durees
    total = contributions(carte, saisis, parametres).ravel()[plat] * durees
    flux = np.array(carte.regles.produit_flux, dtype=np.int64)[carte.types.produit] % (nb_flux + 1)
    case = poste * (nb_flux + 1) + flux[plat // max(1, len(carte.centres.id))]
    shift = coefs_shift(carte, parametres.shift)
    au_volume = total - constant
    heures = np.bincount(case, weights=au_volume, minlength=nb_postes * (nb_flux + 1)).astype(np.float64)
    heures = heures + _melanges(carte, saisis, parametres, case, au_volume)
    mod = carte.titres.mod[carte.postes.titre]
    return ParFlux(
        flux=(*carte.regles.flux, ""),
        heures=heures.reshape(nb_postes, nb_flux + 1) * shift[:, None],
        forfait=np.bincount(poste, weights=constant, minlength=nb_postes) * shift,
        capacite=capacites(carte, parametres),
        fixe=np.where(mod, 0.0, carte.postes.effectif_centiemes / PERSONNE),
        mod=mod,
    )


def _melanges(
    carte: Carte, saisis: Flottants, parametres: Parametres, case: Entiers, au_volume: Flottants
) -> Flottants:
    """(postes · (flux + 1),) ce que les produits mélangés ôtent à leur flux et rendent aux autres."""
    regles, largeur = carte.regles, len(carte.regles.flux) + 1
    corrections = np.zeros(len(carte.postes.id) * largeur)
    _, plat, _ = carte.noyau
    type_, centre = np.divmod(plat, max(1, len(carte.centres.id)))
    produits = carte.types.produit[type_]
    if not regles.melanges[produits].any():
        return corrections
    comptes, croissance = repartir(carte, saisis, parametres), Croissance(regles, parametres)
    for produit in np.flatnonzero(regles.melanges).tolist():
        rangs = np.flatnonzero(produits == produit)
        parts = croissance.parts(produit, comptes)[:, centre[rangs]]
        np.add.at(corrections, case[rangs], -au_volume[rangs])
        for flux in range(largeur):
            np.add.at(corrections, case[rangs] // largeur * largeur + flux, au_volume[rangs] * parts[flux])
    return corrections
