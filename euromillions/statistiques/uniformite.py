"""Les boules sortent-elles également ? Test de Pearson, corrigé du tirage sans remise.

Tirer k boules parmi m sans remise lie les comptes entre eux : le X² de Pearson se multiplie par
(m-1)/(m-k) (49/45 pour les numéros ; 8/7, 10/9 ou 11/10 pour les étoiles) avant d'être comparé au χ² à
m-1 degrés de liberté.
"""

from typing import TypedDict

import numpy as np

from euromillions.statistiques import hasard
from euromillions.statistiques.historique import (
    ETOILES_TIREES,
    NUMEROS_MAX,
    NUMEROS_TIRES,
    Entiers,
    Historique,
)


class Uniformite(TypedDict):
    n_draws: int
    k: int
    m: int
    expected_per_value: float
    df: int
    pearson_chi2: float
    pearson_p_naive: float
    correction_factor: float
    corrected_chi2: float
    corrected_p: float


class Uniformites(TypedDict):
    """`stars_by_pool` : un test par réserve d'étoiles, car mélanger 9, 11 et 12 étoiles n'a pas de sens.

    `tests` compte les tests indépendants lus ensemble (numéros et étoiles de chaque réserve) et `smallest_p`
    est le plus petit p corrigé de cette lecture multiple (Holm) : c'est lui qui décide.
    """

    numbers: Uniformite | None
    numbers_by_pool: dict[str, Uniformite]
    stars_by_pool: dict[str, Uniformite]
    tests: int
    smallest_p: float | None


def uniformites(historique: Historique) -> Uniformites:
    if not len(historique):
        return {"numbers": None, "numbers_by_pool": {}, "stars_by_pool": {}, "tests": 0, "smallest_p": None}
    par_reserve = {str(reserve): tirages for reserve, tirages in historique.par_reserve()}
    numeros = {reserve: _numeros(tirages) for reserve, tirages in par_reserve.items()}
    etoiles = {reserve: _etoiles(tirages, int(reserve)) for reserve, tirages in par_reserve.items()}
    lus = [test["corrected_p"] for test in (*numeros.values(), *etoiles.values())]
    return {
        "numbers": _numeros(historique),
        "numbers_by_pool": numeros,
        "stars_by_pool": etoiles,
        "tests": len(lus),
        "smallest_p": min(1.0, min(lus) * len(lus)),
    }


def _numeros(historique: Historique) -> Uniformite:
    return pearson(
        historique.sorties_numeros.comptes,
        tirages=len(historique),
        tires=NUMEROS_TIRES,
        reserve=NUMEROS_MAX,
    )


def _etoiles(historique: Historique, reserve: int) -> Uniformite:
    return pearson(
        historique.sorties_etoiles.comptes[:reserve],
        tirages=len(historique),
        tires=ETOILES_TIREES,
        reserve=reserve,
    )


def pearson(comptes: Entiers, *, tirages: int, tires: int, reserve: int) -> Uniformite:
    """Test d'égalité des `reserve` comptes après `tirages` tirages de `tires` boules."""
    attendu = tirages * tires / reserve
    pearson = float(np.square(comptes - attendu).sum() / attendu)
    correction = (reserve - 1) / (reserve - tires)
    return {
        "n_draws": tirages,
        "k": tires,
        "m": reserve,
        "expected_per_value": attendu,
        "df": reserve - 1,
        "pearson_chi2": pearson,
        "pearson_p_naive": hasard.p_chi2(pearson, reserve - 1),
        "correction_factor": correction,
        "corrected_chi2": pearson * correction,
        "corrected_p": hasard.p_chi2(pearson * correction, reserve - 1),
    }
