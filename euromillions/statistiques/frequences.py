"""Combien de fois chaque boule est sortie, et combien on en attendait."""

from math import sqrt
from typing import TypedDict

import numpy as np

from euromillions.statistiques import hasard
from euromillions.statistiques.historique import (
    ETOILES_TIREES,
    NUMEROS_MAX,
    NUMEROS_TIRES,
    Entiers,
    Historique,
    Reels,
    Sorties,
)


class SortieRapide(TypedDict):
    numero: int
    count: int
    percentage: float
    last_appearance: str | None


class Frequence(SortieRapide):
    expected: float
    sd: float
    z: float | None


class Extremes(TypedDict):
    """Têtes et queues de liste, et la chance qu'avait le hasard seul d'aller aussi loin."""

    top: list[tuple[int, int]]
    bottom: list[tuple[int, int]]
    p_top_by_chance: float
    p_bottom_by_chance: float


class Frequences(TypedDict):
    numbers: list[Frequence]
    stars: list[Frequence]
    numbers_extremes: Extremes | None
    stars_by_pool: list["FrequencesParReserve"]


class FrequencesParReserve(TypedDict):
    pool: int
    draws: int
    counts: list[int]
    expected: float
    extremes: Extremes


def rapides(historique: Historique, sorties: Sorties) -> list[SortieRapide]:
    """Compte, pourcentage à une décimale et dernière sortie de chaque valeur ; liste vide sans tirage."""
    total = len(historique)
    if not total:
        return []
    dates = _derniers_jours(historique, sorties)
    return [
        {
            "numero": valeur,
            "count": compte,
            "percentage": round(100 * compte / total, 1),
            "last_appearance": dates[valeur - 1],
        }
        for valeur, compte in enumerate(sorties.comptes.tolist(), start=1)
    ]


def frequences(historique: Historique) -> Frequences:
    """Fréquences des 50 numéros et des étoiles, avec l'attendu de chaque réserve traversée."""
    if not len(historique):
        return {"numbers": [], "stars": [], "numbers_extremes": None, "stars_by_pool": []}
    total = len(historique)
    p_numero = NUMEROS_TIRES / NUMEROS_MAX
    attendus_numeros = np.full(NUMEROS_MAX, total * p_numero)
    variances_numeros = attendus_numeros * (1 - p_numero)
    attendus_etoiles, variances_etoiles = _attendus_etoiles(historique)
    return {
        "numbers": _detailler(
            rapides(historique, historique.sorties_numeros), attendus_numeros, variances_numeros
        ),
        "stars": _detailler(
            rapides(historique, historique.sorties_etoiles), attendus_etoiles, variances_etoiles
        ),
        "numbers_extremes": _extremes(historique.sorties_numeros.comptes, total, NUMEROS_TIRES, 10),
        "stars_by_pool": [_par_reserve(reserve, tirages) for reserve, tirages in historique.par_reserve()],
    }


def classer(comptes: Entiers, nombre: int, *, croissant: bool = False) -> list[tuple[int, int]]:
    """Les `nombre` valeurs aux plus grands (ou petits) comptes ; à égalité, la plus petite valeur."""
    ordre = np.argsort(comptes if croissant else -comptes, kind="stable")[:nombre]
    return [(int(i) + 1, int(comptes[i])) for i in ordre]


def _par_reserve(reserve: int, tirages: Historique) -> FrequencesParReserve:
    comptes = tirages.sorties_etoiles.comptes[:reserve]
    return {
        "pool": reserve,
        "draws": len(tirages),
        "counts": comptes.tolist(),
        "expected": len(tirages) * ETOILES_TIREES / reserve,
        "extremes": _extremes(comptes, len(tirages), ETOILES_TIREES, 5),
    }


def _attendus_etoiles(historique: Historique) -> tuple[Reels, Reels]:
    """Espérance et variance du compte de chaque étoile : somme sur les réserves qui la contenaient."""
    attendus = np.zeros(historique.etoiles_max)
    variances = np.zeros(historique.etoiles_max)
    for reserve, nombre in historique.effectifs_par_reserve:
        p = ETOILES_TIREES / reserve
        attendus[:reserve] += nombre * p
        variances[:reserve] += nombre * p * (1 - p)
    return attendus, variances


def _detailler(lignes: list[SortieRapide], attendus: Reels, variances: Reels) -> list[Frequence]:
    detaillees: list[Frequence] = []
    for ligne, attendu, variance in zip(lignes, attendus.tolist(), variances.tolist(), strict=True):
        ecart_type = sqrt(variance)
        z = (ligne["count"] - attendu) / ecart_type if ecart_type else None
        detaillees.append({**ligne, "expected": attendu, "sd": ecart_type, "z": z})
    return detaillees


def _extremes(comptes: Entiers, tirages: int, tires: int, nombre: int) -> Extremes:
    valeurs = len(comptes)
    return {
        "top": classer(comptes, nombre),
        "bottom": classer(comptes, nombre, croissant=True),
        "p_top_by_chance": hasard.au_moins_un_au_dessus(
            int(comptes.max()), tirages=tirages, tires=tires, valeurs=valeurs
        ),
        "p_bottom_by_chance": hasard.au_moins_un_au_dessous(
            int(comptes.min()), tirages=tirages, tires=tires, valeurs=valeurs
        ),
    }


def _derniers_jours(historique: Historique, sorties: Sorties) -> list[str | None]:
    jours = np.datetime_as_string(historique.jours[sorties.derniers]).tolist()
    return [jour if rang >= 0 else None for jour, rang in zip(jours, sorties.derniers.tolist(), strict=True)]
