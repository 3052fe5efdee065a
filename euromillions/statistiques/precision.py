"""Ce que valent des grilles jugées, comparé au hasard exact.

Sous l'hypothèse du hasard, seul le tirage est aléatoire : avec c(v) grilles qui portent la boule v, le total
trouvé est la somme de c sur k boules tirées sans remise parmi R. Son espérance vaut k·moy(c) et sa variance
k·var(c)·(R−k)/(R−1) : la dépendance entre grilles d'un même tirage est donc comptée exactement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, sqrt
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

SEUIL = 0.05
TIRAGES_MIN = 30  # en dessous, l'approximation normale de p ne vaut rien : aucun verdict « oui »
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
    """Moyenne par grille, son intervalle à 95 % groupé par tirage, et le hasard exact en regard."""

    mean: float
    ci_low: float | None
    ci_high: float | None
    expected: float
    z: float | None
    p: float | None
    p_corrected: float | None


class Naive(TypedDict):
    """La mesure naïve ne se lit qu'à côté de ce qu'en donne le hasard."""

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
    differs_from_chance: bool
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
    taux, bas, haut = _intervalle(j.naives, j.grilles)
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
        "differs_from_chance": False,
        "verdict": "",
    }


def _moyenne(trouves: Entiers, j: Jugees, comptes: Entiers, reserves: Entiers, tires: int) -> Moyenne:
    total = int(j.grilles.sum())
    moyenne, bas, haut = _intervalle(trouves, j.grilles)
    attendus, variances = loi_du_hasard(comptes, reserves, tires)
    ecart_type = sqrt(float(variances.sum()))
    z = (float(trouves.sum()) - float(attendus.sum())) / ecart_type if ecart_type else None
    return {
        "mean": moyenne,
        "ci_low": bas,
        "ci_high": haut,
        "expected": float(attendus.sum()) / total,
        "z": z,
        "p": None if z is None else erfc(abs(z) / sqrt(2)),
        "p_corrected": None,
    }


def loi_du_hasard(comptes: Entiers, reserves: Entiers, tires: int) -> tuple[Reels, Reels]:
    """Espérance et variance exactes du total trouvé à chaque tirage (comptes de forme (D, m))."""
    sommes = comptes.sum(axis=1)
    carres = (comptes.astype(np.float64) ** 2).sum(axis=1)
    moyennes = sommes / reserves
    variances = carres / reserves - moyennes**2
    return tires * moyennes, tires * variances * (reserves - tires) / (reserves - 1)


def _intervalle(totaux: Entiers, grilles: Entiers) -> tuple[float, float | None, float | None]:
    """Moyenne par grille et intervalle à 95 % où l'unité est le tirage (loi de Student à D−1 degrés)."""
    nombre, tirages = int(grilles.sum()), len(grilles)
    moyenne = float(totaux.sum()) / nombre
    if tirages < 2:
        return moyenne, None, None
    # Ici et non en tête du module : scipy.special retarderait chaque démarrage (voir `hasard`).
    from scipy.special import stdtrit

    residus = totaux - moyenne * grilles
    erreur = sqrt(tirages / (tirages - 1) * float((residus.astype(np.float64) ** 2).sum())) / nombre
    marge = float(stdtrit(tirages - 1, 0.975)) * erreur
    return moyenne, moyenne - marge, moyenne + marge


def _conclure(mesure: Precision) -> None:
    corriges = [
        m["p_corrected"] for m in (mesure["numbers"], mesure["stars"]) if m["p_corrected"] is not None
    ]
    assez = mesure["draws"] >= TIRAGES_MIN
    differe = assez and bool(corriges) and min(corriges) < SEUIL
    mesure["differs_from_chance"] = differe
    mesure["verdict"] = f"différent du hasard : {'oui' if differe else 'non'}"
    if not assez:
        mesure["verdict"] += f" (moins de {TIRAGES_MIN} tirages, rien ne peut se conclure)"
