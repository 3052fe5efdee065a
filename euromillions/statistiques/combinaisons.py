"""Paires, triplets, quadruplets et paires d'étoiles : lesquels sont sortis ensemble, et combien de fois.

Chaque combinaison croissante a un rang colexicographique (C(a-1,1) + C(b-1,2) + …) : compter revient à un
`bincount` par jeu de colonnes, sans boucle sur les tirages.
"""

from functools import lru_cache
from itertools import combinations
from math import comb
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from euromillions.statistiques import hasard
from euromillions.statistiques.historique import (
    ETOILES_TIREES,
    NUMEROS_MAX,
    NUMEROS_TIRES,
    Entiers,
    Historique,
)

TETE = 20
QUEUE = 10


class Combinaison(TypedDict):
    numbers: list[int]
    count: int


class Taille(TypedDict):
    """Une taille de combinaison (2, 3 ou 4 numéros)."""

    size: int
    expected: float
    distinct: int
    top: list[Combinaison]
    tied_at_10th: int
    count_histogram: list[tuple[int, int]]
    threshold_mean: float | None
    threshold_sd: float | None
    above_threshold: int


class PairesEtoiles(TypedDict):
    pool: int
    draws: int
    expected: float
    top: list[Combinaison]


class Combinaisons(TypedDict):
    pairs: Taille
    triples: Taille
    quads: Taille
    bottom_pairs: list[Combinaison]
    never_seen_pairs: list[list[int]]
    p_top_pair_by_chance: float | None
    p_bottom_pair_by_chance: float | None
    star_pairs_all: list[Combinaison]
    star_pairs_by_pool: list[PairesEtoiles]
    repeated_draws: list["TirageRepete"]


class TirageRepete(TypedDict):
    numbers: list[int]
    dates: list[str]


def combinaisons(historique: Historique) -> Combinaisons:
    """Toutes les combinaisons de numéros et d'étoiles. À égalité de compte, l'ordre lexicographique."""
    paires = compter(historique.numeros, 2, NUMEROS_MAX)
    total = len(historique)
    tirees = comb(NUMEROS_TIRES, 2)
    return {
        "pairs": _taille(paires, 2, total),
        "triples": _taille(compter(historique.numeros, 3, NUMEROS_MAX), 3, total),
        "quads": _taille(compter(historique.numeros, 4, NUMEROS_MAX), 4, total),
        "bottom_pairs": _tete(paires, 2, NUMEROS_MAX, QUEUE, croissant=True) if total else [],
        "never_seen_pairs": _jamais_vues(paires) if total else [],
        "p_top_pair_by_chance": (
            hasard.au_moins_un_au_dessus(int(paires.max()), tirages=total, tires=tirees, valeurs=len(paires))
            if total
            else None
        ),
        "p_bottom_pair_by_chance": (
            hasard.au_moins_un_au_dessous(int(paires.min()), tirages=total, tires=tirees, valeurs=len(paires))
            if total
            else None
        ),
        "star_pairs_all": _paires_etoiles(historique.etoiles, historique.etoiles_max),
        "star_pairs_by_pool": [
            {
                "pool": reserve,
                "draws": len(tirages),
                "expected": len(tirages) / comb(reserve, 2),
                "top": _paires_etoiles(tirages.etoiles, reserve),
            }
            for reserve, tirages in historique.par_reserve()
        ],
        "repeated_draws": _repetes(historique),
    }


def compter(boules: NDArray[np.int8], taille: int, maximum: int) -> Entiers:
    """Nombre de sorties de chaque combinaison de `taille` boules, forme (C(maximum, taille),).

    L'indice est le rang lexicographique ; `decoder` en redonne les boules.
    """
    comptes = np.zeros(comb(maximum, taille), dtype=np.int64)
    poids = _poids(taille, maximum)
    for colonnes in combinations(range(boules.shape[1]), taille):
        rangs = poids[0][boules[:, colonnes[0]]]
        for place, colonne in enumerate(colonnes[1:], start=1):
            rangs += poids[place][boules[:, colonne]]
        comptes += np.bincount(rangs, minlength=len(comptes))
    # Le rang colexicographique de la combinaison miroir, lu à l'envers, est le rang lexicographique.
    return comptes[::-1]


def decoder(rang: int, taille: int, maximum: int) -> list[int]:
    """La combinaison de ce rang lexicographique."""
    boules: list[int] = []
    boule = 1
    while len(boules) < taille:
        suivantes = comb(maximum - boule, taille - len(boules) - 1)
        if rang < suivantes:
            boules.append(boule)
        else:
            rang -= suivantes
        boule += 1
    return boules


@lru_cache(maxsize=8)
def _poids(taille: int, maximum: int) -> NDArray[np.int32]:
    """Poids de chaque boule selon sa place : la somme est le rang colexicographique du miroir."""
    return np.array(
        [
            [0] + [comb(maximum - boule, taille - place) for boule in range(1, maximum + 1)]
            for place in range(taille)
        ],
        dtype=np.int32,
    )


def _taille(comptes: Entiers, taille: int, total: int) -> Taille:
    histogramme = np.bincount(comptes)
    vus = comptes[comptes > 0]
    moyenne = float(vus.mean()) if len(vus) else None
    ecart_type = float(vus.std()) if len(vus) else None
    tete = _tete(comptes, taille, NUMEROS_MAX, TETE)
    return {
        "size": taille,
        "expected": total * comb(NUMEROS_TIRES, taille) / comb(NUMEROS_MAX, taille),
        "distinct": len(vus),
        "top": tete,
        "tied_at_10th": int((vus == tete[9]["count"]).sum()) if len(tete) >= 10 else 0,
        "count_histogram": [(n, int(histogramme[n])) for n in np.flatnonzero(histogramme).tolist() if n],
        "threshold_mean": moyenne,
        "threshold_sd": ecart_type,
        "above_threshold": (
            int((vus >= moyenne + ecart_type).sum()) if moyenne is not None and ecart_type is not None else 0
        ),
    }


def _tete(
    comptes: Entiers, taille: int, maximum: int, nombre: int, *, croissant: bool = False
) -> list[Combinaison]:
    """Les `nombre` plus fréquentes (jamais celles qui ne sont pas sorties) ou les plus rares."""
    cles = comptes if croissant else -comptes
    if nombre < len(cles):
        limite = np.partition(cles, nombre - 1)[nombre - 1]
        candidats = np.flatnonzero(cles <= limite) if croissant or limite < 0 else np.flatnonzero(cles < 0)
    else:
        candidats = np.arange(len(cles))
    choisis = candidats[np.argsort(cles[candidats], kind="stable")][:nombre]
    return [
        {"numbers": decoder(int(i), taille, maximum), "count": int(comptes[i])}
        for i in choisis
        if croissant or comptes[i] > 0
    ]


def _jamais_vues(paires: Entiers) -> list[list[int]]:
    """Les cent premières paires jamais sorties (une petite sélection en laisse presque toutes)."""
    return [decoder(int(i), 2, NUMEROS_MAX) for i in np.flatnonzero(paires == 0)[:100]]


def _paires_etoiles(etoiles: NDArray[np.int8], maximum: int) -> list[Combinaison]:
    return _tete(compter(etoiles, ETOILES_TIREES, maximum), ETOILES_TIREES, maximum, QUEUE)


def _repetes(historique: Historique) -> list[TirageRepete]:
    """Les cinq mêmes numéros sortis à plusieurs dates (dix cas au plus, par ordre de numéros)."""
    poids = np.array([51**4, 51**3, 51**2, 51, 1], dtype=np.int64)
    cles = historique.numeros.astype(np.int64) @ poids
    ordre = np.argsort(cles, kind="stable")
    triees = cles[ordre]
    debuts = np.flatnonzero(np.r_[True, triees[1:] != triees[:-1]]) if len(triees) else np.array([], int)
    tailles = np.diff(np.r_[debuts, len(triees)])
    return [
        {
            "numbers": historique.numeros[ordre[debut]].tolist(),
            "dates": [str(jour) for jour in historique.jours[ordre[debut : debut + taille]]],
        }
        for debut, taille in zip(debuts[tailles > 1][:10], tailles[tailles > 1][:10], strict=True)
    ]
