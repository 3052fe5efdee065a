"""Le calcul est linéaire en ses volumes : les heures de chaque poste, ventilées par flux de produit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulations.moteur.calcul import capacites, coefs_shift
from simulations.moteur.carte import Carte, Flottants
from simulations.moteur.coefficients import coefficients, contributions
from simulations.moteur.parametres import Parametres


@dataclass(frozen=True)
class ParFlux:
    """Les heures d'un calcul, ventilées par flux de produit : `heures.sum(axis=1) + forfait` = heures.

    `heures` : (postes × flux + 1), la dernière colonne sert les produits sans flux ; `capacite` : heures
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
    """Heures de chaque poste par flux de produit ; `saisis` : (centres × cellules) volumes annuels."""
    poste, plat, durees = carte.noyau
    nb_postes, nb_flux = len(carte.postes.id), len(carte.regles.flux)
    _, forfait = coefficients(carte, parametres)
    constant = forfait.ravel()[plat] * durees
    total = contributions(carte, saisis, parametres).ravel()[plat] * durees
    flux = np.array(carte.regles.produit_flux, dtype=np.int64)[carte.types.produit] % (nb_flux + 1)
    case = poste * (nb_flux + 1) + flux[plat // max(1, len(carte.centres.id))]
    shift = coefs_shift(carte, parametres.shift)
    heures = np.bincount(case, weights=total - constant, minlength=nb_postes * (nb_flux + 1))
    mod = carte.titres.mod[carte.postes.titre]
    return ParFlux(
        flux=(*carte.regles.flux, ""),
        heures=heures.reshape(nb_postes, nb_flux + 1) * shift[:, None],
        forfait=np.bincount(poste, weights=constant, minlength=nb_postes) * shift,
        capacite=capacites(carte, parametres),
        fixe=np.where(mod, 0.0, carte.postes.effectif_dixiemes / 10),
        mod=mod,
    )
