"""Chances exactes de chaque rang, et gains réellement versés."""

from collections.abc import Sequence
from fractions import Fraction
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
    Reels,
)


class RangDuJeu(TypedDict):
    rank: int
    match: str
    ways: int
    probability: float
    one_in: float


class UnGain(TypedDict):
    probability: float
    one_in: float
    fraction: str


class ChancesEre(TypedDict):
    stars: int
    total_combinations: int
    ranks: list[RangDuJeu]
    any_prize: UnGain
    non_winning: dict[str, float]


class Attendu(TypedDict):
    """Ce qu'une grille au hasard trouve, en moyenne."""

    numbers_matched: float
    stars_matched: float
    numbers_var: float
    stars_var: float
    p_numbers: dict[str, float]
    p_stars: dict[str, float]


class GainsRang(TypedDict):
    rank: int
    match: str
    probability: float
    winners: int
    draws_with_winner: int
    draws: int
    mean_prize_per_winner: float | None
    median_prize: float | None
    min_prize: float | None
    max_prize: float | None
    expected_return: float | None


class GainsMesures(TypedDict):
    draws: int
    start: str | None
    end: str | None
    ranks: list[GainsRang]
    expected_return_per_grid: float | None
    expected_return_without_rank1: float | None


def chances(rangs: Sequence[tuple[int, int, int, int]], *, numeros_max: int, etoiles_max: int) -> ChancesEre:
    """Chances exactes ; chaque rang est (rang, numéros, étoiles, combinaisons gagnantes)."""
    total = comb(numeros_max, NUMEROS_TIRES) * comb(etoiles_max, ETOILES_TIREES)
    gagnantes = Fraction(sum(facons for *_, facons in rangs), total)
    resultats = {f"{numeros}+{etoiles}" for _, numeros, etoiles, _ in rangs}
    p_numeros = hasard.hypergeometrique(numeros_max, NUMEROS_TIRES, NUMEROS_TIRES)
    p_etoiles = hasard.hypergeometrique(etoiles_max, ETOILES_TIREES, ETOILES_TIREES)
    return {
        "stars": etoiles_max,
        "total_combinations": total,
        "ranks": [
            {
                "rank": rang,
                "match": f"{numeros}+{etoiles}",
                "ways": facons,
                "probability": facons / total,
                "one_in": total / facons,
            }
            for rang, numeros, etoiles, facons in rangs
        ],
        "any_prize": {
            "probability": float(gagnantes),
            "one_in": float(1 / gagnantes),
            "fraction": f"{gagnantes.numerator}/{gagnantes.denominator}",
        },
        "non_winning": {
            f"{numeros}+{etoiles}": p_numeros[numeros] * p_etoiles[etoiles]
            for numeros in range(NUMEROS_TIRES + 1)
            for etoiles in range(ETOILES_TIREES + 1)
            if f"{numeros}+{etoiles}" not in resultats
        },
    }


def attendu(*, etoiles_max: int, numeros_max: int = NUMEROS_MAX) -> Attendu:
    """Lois hypergéométriques d'une grille quelconque : moyennes, variances, probabilités."""
    p_numeros = hasard.hypergeometrique(numeros_max, NUMEROS_TIRES, NUMEROS_TIRES)
    p_etoiles = hasard.hypergeometrique(etoiles_max, ETOILES_TIREES, ETOILES_TIREES)
    return {
        "numbers_matched": NUMEROS_TIRES**2 / numeros_max,
        "stars_matched": ETOILES_TIREES**2 / etoiles_max,
        "numbers_var": _variance(numeros_max, NUMEROS_TIRES),
        "stars_var": _variance(etoiles_max, ETOILES_TIREES),
        "p_numbers": {str(j): p for j, p in enumerate(p_numeros)},
        "p_stars": {str(j): p for j, p in enumerate(p_etoiles)},
    }


def gains_mesures(
    rangs: Sequence[tuple[int, str, float]],
    *,
    lignes_rang: Entiers,
    gagnants: Entiers,
    gains: Reels,
    jours: NDArray[np.datetime64],
) -> GainsMesures:
    """Gains versés par rang : moyenne pondérée par les gagnants, médiane, extrêmes, retour par grille.

    `lignes_rang`, `gagnants` et `gains` (€ par gagnant) ont une ligne par tirage et par rang ; `jours` est la
    date de chaque tirage.
    Un rang sans aucun gagnant n'a pas de gain moyen : le retour total est alors inconnu.
    """
    resultats = [_gains_du_rang(rang, lignes_rang, gagnants, gains) for rang in rangs]
    retours = [resultat["expected_return"] for resultat in resultats]
    connus = [retour for retour in retours if retour is not None]
    complets = bool(connus) and len(connus) == len(retours)
    return {
        "draws": len(jours),
        "start": str(jours.min()) if len(jours) else None,
        "end": str(jours.max()) if len(jours) else None,
        "ranks": resultats,
        "expected_return_per_grid": sum(connus) if complets else None,
        "expected_return_without_rank1": sum(connus[1:]) if complets else None,
    }


def _gains_du_rang(
    rang: tuple[int, str, float], lignes_rang: Entiers, gagnants: Entiers, gains: Reels
) -> GainsRang:
    place, resultat, probabilite = rang
    ici = lignes_rang == place
    payes = ici & (gagnants > 0)
    nombre = int(gagnants[payes].sum())
    verses = gains[payes]
    moyenne = float((verses * gagnants[payes]).sum() / nombre) if nombre else None
    return {
        "rank": place,
        "match": resultat,
        "probability": probabilite,
        "winners": nombre,
        "draws_with_winner": int(payes.sum()),
        "draws": int(ici.sum()),
        "mean_prize_per_winner": moyenne,
        "median_prize": float(np.median(verses)) if nombre else None,
        "min_prize": float(verses.min()) if nombre else None,
        "max_prize": float(verses.max()) if nombre else None,
        "expected_return": None if moyenne is None else probabilite * moyenne,
    }


def _variance(population: int, tires: int) -> float:
    p = tires / population
    return tires * p * (1 - p) * (population - tires) / (population - 1)
