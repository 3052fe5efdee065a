"""Ce que valent des grilles jugées, comparé au hasard exact.

Sous l'hypothèse du hasard, seul le tirage est aléatoire : avec c(v) grilles qui portent la boule v, le total
trouvé est la somme de c sur k boules tirées sans remise parmi R. Son espérance vaut k·moy(c) et sa variance
k·var(c)·(R−k)/(R−1) : la dépendance entre grilles d'un même tirage est donc comptée exactement.
L'intervalle et le p se lisent sur sa loi entière (`loi_exacte`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypedDict

import numpy as np

from euromillions.statistiques import hasard
from euromillions.statistiques.historique import (
    ETOILES_TIREES,
    NUMEROS_MAX,
    NUMEROS_TIRES,
    Entiers,
    Reels,
)
from euromillions.statistiques.loi_exacte import SEUIL, loi_du_total

SANS_VARIANCE = "toutes les boules portées autant de fois : le total ne dépend pas du tirage"
TIRAGES_NAIFS_MIN = 30  # l'intervalle de la mesure naïve, lui, s'estime : il lui faut des tirages
NUMEROS_NAIFS, ETOILES_NAIVES = 3, 1  # la mesure naïve compte « au moins 3 numéros ou 1 étoile »


@dataclass(frozen=True)
class Jugees:
    """Grilles jugées d'une stratégie, une ligne par tirage (D lignes).

    - `grilles` (D,) ; `comptes_numeros` (D, 50) et `comptes_etoiles` (D, m) : grilles portant chaque boule ;
    - `trouves_numeros`, `trouves_etoiles`, `naives` (D,) : totaux trouvés, grilles dites justes naïvement ;
    - `reserves` (D,) : étoiles dans l'urne ; `resultats` (6, 3) : grilles par (numéros, étoiles) trouvés ;
    - `rangs` : grilles gagnantes par rang ; `mises` et `gains` (€) des seuls tirages aux gains connus.
    """

    grilles: Entiers
    comptes_numeros: Entiers
    comptes_etoiles: Entiers
    trouves_numeros: Entiers
    trouves_etoiles: Entiers
    naives: Entiers
    reserves: Entiers
    resultats: Entiers
    rangs: Mapping[int, int]
    mises: float
    gains: float
    grilles_payees: int


class Moyenne(TypedDict):
    """Moyenne par grille, son intervalle à 95 %, et le hasard exact en regard.

    Intervalle, z et p manquent quand le total ne dépend pas du tirage : `reason` le dit alors.
    """

    mean: float
    ci_low: float | None
    ci_high: float | None
    expected: float
    z: float | None
    p: float | None
    p_corrected: float | None
    reason: str | None


class Naive(TypedDict):
    """La mesure naïve ne se lit qu'à côté de ce qu'en donne le hasard.

    Son intervalle est de Student, le tirage pour unité ; aucun quand les générations sont inégales ou les
    tirages trop peu, car il ne couvrirait plus ce qu'il annonce.
    """

    rate_pct: float
    ci_low_pct: float | None
    ci_high_pct: float | None
    expected_pct: float


class Precision(TypedDict):
    grids: int
    draws: int
    numbers: Moyenne
    stars: Moyenne
    naive: Naive
    distribution: dict[str, int]
    ranks: dict[str, int]
    winning_grids: int
    cost: float
    priced_grids: int
    winnings: float
    return_rate: float | None
    differs_from_chance: bool | None
    verdict: str


def mesurer(strategies: Mapping[str, Jugees]) -> dict[str, Precision]:
    """Précision de chaque stratégie ; les p sont corrigés ensemble (Holm), deux tests par stratégie."""
    mesures = {nom: _mesurer(jugees) for nom, jugees in strategies.items() if jugees.grilles.sum()}
    moyennes = [moyenne for mesure in mesures.values() for moyenne in (mesure["numbers"], mesure["stars"])]
    testees = [moyenne for moyenne in moyennes if moyenne["p"] is not None]
    for moyenne, corrige in zip(testees, holm([m["p"] or 0.0 for m in testees]), strict=True):
        moyenne["p_corrected"] = corrige
    for mesure in mesures.values():
        _conclure(mesure)
    return mesures


def holm(p_bruts: Sequence[float]) -> list[float]:
    """Les p corrigés de Holm, dans l'ordre reçu."""
    corriges = [0.0] * len(p_bruts)
    atteint = 0.0
    for rang, place in enumerate(sorted(range(len(p_bruts)), key=lambda i: p_bruts[i])):
        atteint = max(atteint, min(1.0, (len(p_bruts) - rang) * p_bruts[place]))
        corriges[place] = atteint
    return corriges


def chance_naive(reserve: int) -> float:
    """Part des grilles au hasard comptées par la mesure naïve (0,32144 avec 12 étoiles)."""
    numeros = hasard.hypergeometrique(NUMEROS_MAX, NUMEROS_TIRES, NUMEROS_TIRES)
    etoiles = hasard.hypergeometrique(reserve, ETOILES_TIREES, ETOILES_TIREES)
    return 1 - sum(numeros[:NUMEROS_NAIFS]) * sum(etoiles[:ETOILES_NAIVES])


def _mesurer(j: Jugees) -> Precision:
    total = int(j.grilles.sum())
    naives_attendues = np.array([chance_naive(int(reserve)) for reserve in j.reserves])
    taux, bas, haut = _intervalle_naif(j.naives, j.grilles)
    return {
        "grids": total,
        "draws": len(j.grilles),
        "numbers": _moyenne(
            j.trouves_numeros, j, j.comptes_numeros, np.full(len(j.grilles), NUMEROS_MAX), NUMEROS_TIRES
        ),
        "stars": _moyenne(j.trouves_etoiles, j, j.comptes_etoiles, j.reserves, ETOILES_TIREES),
        "naive": {
            "rate_pct": 100 * taux,
            "ci_low_pct": None if bas is None else 100 * max(0.0, bas),
            "ci_high_pct": None if haut is None else 100 * min(1.0, haut),
            "expected_pct": 100 * float((naives_attendues * j.grilles).sum() / total),
        },
        "distribution": {
            f"{n}+{e}": int(j.resultats[n, e]) for n in range(6) for e in range(3) if j.resultats[n, e]
        },
        "ranks": {str(rang): nombre for rang, nombre in sorted(j.rangs.items())},
        "winning_grids": sum(j.rangs.values()),
        "cost": j.mises,
        "priced_grids": j.grilles_payees,
        "winnings": j.gains,
        "return_rate": j.gains / j.mises if j.mises else None,
        "differs_from_chance": None,
        "verdict": "",
    }


def _moyenne(trouves: Entiers, j: Jugees, comptes: Entiers, reserves: Entiers, tires: int) -> Moyenne:
    total = int(j.grilles.sum())
    trouve, moyenne = int(trouves.sum()), float(trouves.sum()) / total
    attendus, variances = loi_du_hasard(comptes, reserves, tires)
    attendu, variance = float(attendus.sum()), float(variances.sum())
    lue: Moyenne = {
        "mean": moyenne,
        "ci_low": None,
        "ci_high": None,
        "expected": attendu / total,
        "z": None,
        "p": None,
        "p_corrected": None,
        "reason": None if variance else SANS_VARIANCE,
    }
    if variance:
        loi = loi_du_total(comptes, reserves, tires)
        bas, haut = loi.bornes()
        lue["ci_low"], lue["ci_high"] = moyenne - (haut - attendu) / total, moyenne - (bas - attendu) / total
        lue["z"], lue["p"] = (trouve - attendu) / sqrt(variance), loi.p(trouve)
    return lue


def loi_du_hasard(comptes: Entiers, reserves: Entiers, tires: int) -> tuple[Reels, Reels]:
    """Espérance et variance exactes du total trouvé à chaque tirage (comptes de forme (D, m)).

    La variance se compte en entiers avant la division : nulle, elle vaut exactement zéro.
    """
    sommes, carres = comptes.sum(axis=1), (comptes.astype(np.int64) ** 2).sum(axis=1)
    variances = (reserves * carres - sommes**2) / reserves**2
    return tires * sommes / reserves, tires * variances * (reserves - tires) / (reserves - 1)


def _intervalle_naif(totaux: Entiers, grilles: Entiers) -> tuple[float, float | None, float | None]:
    """Part par grille et intervalle à 95 % où l'unité est le tirage (loi de Student à D−1 degrés)."""
    nombre, tirages = int(grilles.sum()), len(grilles)
    moyenne = float(totaux.sum()) / nombre
    if tirages < TIRAGES_NAIFS_MIN or (grilles != grilles[0]).any():
        return moyenne, None, None
    # Ici et non en tête du module : scipy.special retarderait chaque démarrage (voir `hasard`).
    from scipy.special import stdtrit

    residus = totaux - moyenne * grilles
    erreur = sqrt(tirages / (tirages - 1) * float((residus.astype(np.float64) ** 2).sum())) / nombre
    marge = float(stdtrit(tirages - 1, 0.975)) * erreur
    return moyenne, moyenne - marge, moyenne + marge


def _conclure(mesure: Precision) -> None:
    """Oui ou non d'après le plus petit p corrigé ; ni l'un ni l'autre quand aucun p ne se calcule."""
    corriges = [
        m["p_corrected"] for m in (mesure["numbers"], mesure["stars"]) if m["p_corrected"] is not None
    ]
    if not corriges:
        mesure["verdict"] = f"rien à conclure ({SANS_VARIANCE})"
        return
    differe = min(corriges) < SEUIL
    mesure["differs_from_chance"] = differe
    mesure["verdict"] = f"différent du hasard : {'oui' if differe else 'non'}"
