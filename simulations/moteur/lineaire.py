"""L'application linéaire, écrite : heures = A·v + f à paramètres fixés, et sa forme réduite aux flux.

v : volumes comptés (`repartir`, centres × cellules à plat). La répartition des saisies globales vient avant :
elle n'est linéaire que par morceaux (un total ne compte que pour ce qui dépasse son détail).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulations.moteur.calcul import capacites, coefs_shift
from simulations.moteur.carte import Carte, Entiers, Flottants
from simulations.moteur.coefficients import coefficients, contributions
from simulations.moteur.parametres import Parametres
from simulations.moteur.volumes import repartir

if TYPE_CHECKING:
    from scipy import sparse


@dataclass(frozen=True)
class Application:
    """`matrice` creuse (postes × centres·cellules), h/jour par unité de volume annuel ; `forfait`, h/jour.

    Croissance, shift et part du mois sont dans la matrice. Les postes MOI ont une ligne et un forfait nuls.
    """

    matrice: "sparse.csr_array"
    forfait: Flottants

    def heures(self, comptes: Flottants) -> Flottants:
        """Heures par jour de chaque poste, pour des volumes comptés (centres × cellules)."""
        heures: Flottants = self.matrice @ comptes.ravel() + self.forfait
        return heures


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


def application(carte: Carte, parametres: Parametres) -> Application:
    """A et f de ces paramètres. Taille : une case par (poste, cellule qui le charge)."""
    from scipy import sparse  # à l'usage : voir `Carte.durees`

    poste, plat, durees = carte.noyau
    nb_centres, nb_cellules = len(carte.centres.id), len(carte.regles.cellules)
    type_, centre = np.divmod(plat, max(1, nb_centres))
    coefficient, forfait = coefficients(carte, parametres)
    shift = coefs_shift(carte, parametres.shift)[poste]
    poids = coefficient.ravel()[plat] * durees * shift
    constants = forfait.ravel()[plat] * durees * shift
    cellules, longueurs = _cellules_des_types(carte)
    compte = longueurs[type_]
    lignes = np.repeat(poste, compte)
    colonnes = np.repeat(centre * nb_cellules, compte) + _indices(cellules, type_)
    matrice = sparse.csr_array(
        (np.repeat(poids, compte), (lignes, colonnes)),
        shape=(len(carte.postes.id), nb_centres * nb_cellules),
    )
    matrice.sum_duplicates()
    forfaits = np.bincount(poste, weights=constants, minlength=len(carte.postes.id))
    return Application(matrice, forfaits.astype(np.float64))


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


def volumes_comptes(carte: Carte, saisis: Flottants, parametres: Parametres) -> Flottants:
    """Le v de A·v : volumes saisis, répartitions faites, cellules qu'aucun produit ne désigne comprises."""
    return repartir(carte, saisis, parametres)


def _cellules_des_types(carte: Carte) -> tuple[list[Entiers], Entiers]:
    listes = [
        np.array(carte.regles.produit_cellules[produit], dtype=np.int64)
        for produit in carte.types.produit.tolist()
    ]
    return listes, np.array([len(liste) for liste in listes], dtype=np.int64)


def _indices(cellules: list[Entiers], types: Entiers) -> Entiers:
    """Les cellules de chaque type, bout à bout dans l'ordre de `types`."""
    if not len(types) or not sum(len(liste) for liste in cellules):
        return np.zeros(0, dtype=np.int64)
    debuts = np.cumsum([0, *(len(liste) for liste in cellules)])
    plat = np.concatenate(cellules)
    longueurs = np.diff(debuts)[types]
    departs = np.repeat(debuts[types] - np.concatenate(([0], np.cumsum(longueurs)[:-1])), longueurs)
    indices: Entiers = plat[departs + np.arange(longueurs.sum())]
    return indices
