"""Estimation du besoin d'un centre fictif, pour lui donner un effectif vraisemblable.

Ce n'est pas le calcul des simulations : paramètres à leur défaut, sans modes ni arrondis. Une différence
avec lui déplace l'effectif inventé de la démonstration, jamais un résultat.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from referentiels.demo.catalogue import TacheDemo

JOURS_OUVRES = 264
HEURES_JOUR = 8.5
DIVISEURS = {"SAC": 350, "CAISSON": 500, "BAC": 500, "DNL": 5}
SAC_AMANA = 35
ED = 0.4
FORFAITS = {"PART", "DEPECHES"}
# Phases dont le facteur ne s'annule pas quand les parts en pourcentage sont à 0.
PHASES_FIXES = {None: 1.0, "SAC": 1.0, "DAY_24": 1 / 24, "DAY_350": 1 / 350}
PHASES_DE_TERRAIN = {"CIRCUL_GEO", "HCRBT_CIRCUL_GEO"}


@dataclass(frozen=True)
class Charge:
    """Heures par jour de chaque poste : `fixe` + (`plat` + relief × `terrain` + `guichet`) · volumes.

    `fixe` (postes,) en heures ; les autres (postes, cellules) en heures par unité de volume annuel.
    """

    postes: tuple[str, ...]
    cellules: tuple[str, ...]
    fixe: np.ndarray
    plat: np.ndarray
    terrain: np.ndarray
    guichet: np.ndarray

    def heures_par_volume(self, *, relief: float, a_guichet: bool) -> np.ndarray:
        matrice: np.ndarray = self.plat + relief * self.terrain
        return matrice + self.guichet if a_guichet else matrice


def compiler(
    taches: Sequence[TacheDemo],
    *,
    postes: Sequence[str],
    cellules: Sequence[str],
    produits: Mapping[str, Sequence[str]],
) -> Charge:
    rang_poste = {code: rang for rang, code in enumerate(postes)}
    rang_cellule = {code: rang for rang, code in enumerate(cellules)}
    fixe = np.zeros(len(postes))
    plat, terrain, guichet = (np.zeros((len(postes), len(cellules))) for _ in range(3))
    for tache in taches:
        ligne = rang_poste[tache.poste]
        if tache.unite in FORFAITS:
            fixe[ligne] += tache.duree_s / 3600
            continue
        heures = _heures_par_unite_annuelle(tache)
        matrice = guichet if tache.famille.startswith("GUICHET") else plat
        if tache.phase in PHASES_DE_TERRAIN:
            matrice = terrain
        # Un produit disparu des règles ne pèse rien ici ; l'écriture le refuse avec sa phrase.
        colonnes = [rang_cellule[code] for code in produits.get(tache.produit, ()) if code in rang_cellule]
        matrice[ligne, colonnes] += heures
    return Charge(tuple(postes), tuple(cellules), fixe, plat, terrain, guichet)


def _heures_par_unite_annuelle(tache: TacheDemo) -> float:
    facteur = 1.0 if tache.phase in PHASES_DE_TERRAIN else PHASES_FIXES.get(tache.phase, 0.0)
    diviseur = DIVISEURS.get(tache.unite, 1)
    if tache.produit.startswith("AMANA"):
        if tache.unite == "SAC":
            diviseur = SAC_AMANA
        if tache.base != 100 and tache.unite in {"SAC", "COLIS"}:
            facteur *= 1 - ED if tache.unite == "SAC" or tache.phase == "SAC" else ED
    return facteur * tache.duree_s / 3600 / diviseur / JOURS_OUVRES
