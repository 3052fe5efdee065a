"""Comment les tirages se répartissent : sommes, parité, moitiés, dizaines, suites, calendrier, positions."""

from math import sqrt
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

# Tranches de somme : libellé, première et dernière somme.
TRANCHES = (("1-100", 1, 100), ("101-150", 101, 150), ("151-200", 151, 200), ("201+", 201, 240))
MOITIE = 25
DIZAINES_TETE = 10
PREMIERE_CLASSE, DERNIERE_CLASSE, LARGEUR_CLASSE = 10, 240, 10
ETOILES_BASSES, ETOILES_HAUTES = 10, 18
JOURS_COURTS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Test(TypedDict):
    chi2: float
    df: int
    p: float


class Repartition(TypedDict):
    counts: dict[str, int]
    probs: dict[str, float]
    test: Test | None


class Sommes(TypedDict):
    mean: float | None
    sd_pop: float | None
    sd_sample: float | None
    min: int | None
    max: int | None
    median: float | None
    theory_mean: float
    theory_sd: float
    z_of_mean: float | None
    buckets: dict[str, int]
    bucket_probs_exact: dict[str, float]
    test: Test | None
    histogram_by_10: dict[str, int]


class Position(TypedDict):
    """La i-ième boule une fois triée (pas l'ordre de sortie)."""

    position: int
    mean: float | None
    theory_mean: float
    counts: list[int]
    probs: list[float]


class Positions(TypedDict):
    numbers: list[Position]
    stars_by_pool: dict[str, list[Position]]


class Etendue(TypedDict):
    mean: float | None
    theory_mean: float


class Repartitions(TypedDict):
    sum: Sommes
    odd: Repartition
    low: Repartition
    consecutive: Repartition
    p_at_least_one_consecutive: float
    decades: list[tuple[str, int]]
    star_sums: dict[str, int]
    range: Etendue
    weekday: dict[str, int]
    per_month: dict[str, int]
    per_year: dict[str, int]
    sorted_positions: Positions


def repartitions(historique: Historique) -> Repartitions:
    """Toutes les répartitions, chacune avec les probabilités exactes du tirage sans remise."""
    numeros = historique.numeros
    impairs = np.bincount(_par_ligne(numeros & 1), minlength=NUMEROS_TIRES + 1)
    bas = np.bincount(_par_ligne((numeros <= MOITIE).view(np.int8)), minlength=NUMEROS_TIRES + 1)
    suites = np.bincount(_par_ligne((np.diff(numeros, axis=1) == 1).view(np.int8)), minlength=NUMEROS_TIRES)
    p_moitie = hasard.hypergeometrique(NUMEROS_MAX, MOITIE, NUMEROS_TIRES)
    p_suites = hasard.paires_consecutives()
    etendues = numeros[:, -1].astype(np.int64) - numeros[:, 0]
    return {
        "sum": _sommes(numeros),
        "odd": _repartition(impairs, p_moitie),
        "low": _repartition(bas, p_moitie),
        "consecutive": _repartition(suites, p_suites),
        "p_at_least_one_consecutive": 1 - p_suites[0],
        "decades": _dizaines(numeros),
        "star_sums": _sommes_etoiles(historique.etoiles),
        "range": {
            "mean": float(etendues.mean()) if len(etendues) else None,
            "theory_mean": (NUMEROS_TIRES - 1) * (NUMEROS_MAX + 1) / (NUMEROS_TIRES + 1),
        },
        **_calendrier(historique.jours),
        "sorted_positions": _positions(historique),
    }


def _par_ligne(boules: NDArray[np.int8]) -> NDArray[np.int16]:
    """Somme de chaque ligne, colonne après colonne : bien plus vite que `sum(axis=1)` sur cinq colonnes."""
    sommes = boules[:, 0].astype(np.int16)
    for colonne in range(1, boules.shape[1]):
        sommes += boules[:, colonne]
    return sommes


def _repartition(comptes: Entiers, probabilites: list[float]) -> Repartition:
    return {
        "counts": {str(i): n for i, n in enumerate(comptes.tolist())},
        "probs": {str(i): p for i, p in enumerate(probabilites)},
        "test": _test(comptes, probabilites),
    }


def _test(comptes: Entiers, probabilites: list[float]) -> Test | None:
    if not comptes.sum():
        return None
    chi2, degres, p = hasard.ajustement(comptes, np.array(probabilites))
    return {"chi2": chi2, "df": degres, "p": p}


def _sommes(numeros: NDArray[np.int8]) -> Sommes:
    sommes = _par_ligne(numeros)
    total = len(sommes)
    probabilites = hasard.sommes()
    theorie = NUMEROS_TIRES * (NUMEROS_MAX + 1) / 2
    ecart_theorique = sqrt(NUMEROS_TIRES * (NUMEROS_MAX - NUMEROS_TIRES) * (NUMEROS_MAX + 1) / 12)
    comptes = np.bincount(sommes, minlength=len(probabilites))
    tranches = [int(comptes[debut : fin + 1].sum()) for _, debut, fin in TRANCHES]
    p_tranches = [float(sum(probabilites[debut : fin + 1])) for _, debut, fin in TRANCHES]
    moyenne = float(sommes.mean()) if total else None
    return {
        "mean": moyenne,
        "sd_pop": float(sommes.std()) if total else None,
        "sd_sample": float(sommes.std(ddof=1)) if total > 1 else None,
        "min": int(sommes.min()) if total else None,
        "max": int(sommes.max()) if total else None,
        "median": float(np.median(sommes)) if total else None,
        "theory_mean": theorie,
        "theory_sd": ecart_theorique,
        "z_of_mean": None if moyenne is None else (moyenne - theorie) / (ecart_theorique / sqrt(total)),
        "buckets": {nom: n for (nom, _, _), n in zip(TRANCHES, tranches, strict=True)},
        "bucket_probs_exact": {nom: p for (nom, _, _), p in zip(TRANCHES, p_tranches, strict=True)},
        "test": _test(np.array(tranches), p_tranches),
        "histogram_by_10": {
            f"{debut}-{debut + LARGEUR_CLASSE - 1}": int(comptes[debut : debut + LARGEUR_CLASSE].sum())
            for debut in range(PREMIERE_CLASSE, DERNIERE_CLASSE + 1, LARGEUR_CLASSE)
        },
    }


def _dizaines(numeros: NDArray[np.int8]) -> list[tuple[str, int]]:
    """Les dix profils les plus fréquents : nombre de numéros dans 1–10, 11–20… (« 12011 »).

    À égalité, le profil rencontré le premier dans l'histoire.
    """
    if not len(numeros):
        return []
    puissances = np.array([0] + [10 ** (4 - (n - 1) // 10) for n in range(1, NUMEROS_MAX + 1)])
    cles = sum(puissances[numeros[:, i]] for i in range(NUMEROS_TIRES))
    comptes = np.bincount(cles)
    presents = np.flatnonzero(comptes)
    seuil = np.sort(comptes[presents])[-DIZAINES_TETE:][0]
    candidats = [
        (-int(comptes[cle]), int(np.argmax(cles == cle)), int(cle))
        for cle in presents
        if comptes[cle] >= seuil
    ]
    return [(f"{cle:05d}", -oppose) for oppose, _, cle in sorted(candidats)[:DIZAINES_TETE]]


def _sommes_etoiles(etoiles: NDArray[np.int8]) -> dict[str, int]:
    sommes = _par_ligne(etoiles)
    basses = int((sommes <= ETOILES_BASSES).sum())
    hautes = int((sommes > ETOILES_HAUTES).sum())
    return {"low_stars": basses, "medium_stars": len(sommes) - basses - hautes, "high_stars": hautes}


class _Calendrier(TypedDict):
    weekday: dict[str, int]
    per_month: dict[str, int]
    per_year: dict[str, int]


def _calendrier(jours: NDArray[np.datetime64]) -> _Calendrier:
    annees = jours.astype("datetime64[Y]").astype(np.int64) + 1970
    mois = jours.astype("datetime64[M]").astype(np.int64) % 12 + 1
    # Le 1er janvier 1970 était un jeudi.
    semaine = (jours.astype("datetime64[D]").astype(np.int64) + 3) % 7
    presentes, par_an = np.unique(annees, return_counts=True)
    par_jour = np.bincount(semaine, minlength=7)
    return {
        "weekday": {JOURS_COURTS[j]: int(par_jour[j]) for j in np.flatnonzero(par_jour)},
        "per_month": {str(m): int(n) for m, n in enumerate(np.bincount(mois, minlength=13)) if m},
        "per_year": {str(an): int(n) for an, n in zip(presentes, par_an, strict=True)},
    }


def _positions(historique: Historique) -> Positions:
    return {
        "numbers": _positions_de(historique.numeros, NUMEROS_MAX, NUMEROS_TIRES),
        "stars_by_pool": {
            str(reserve): _positions_de(tirages.etoiles, reserve, ETOILES_TIREES)
            for reserve, tirages in historique.par_reserve()
        },
    }


def _positions_de(boules: NDArray[np.int8], reserve: int, tires: int) -> list[Position]:
    theorie = hasard.positions(reserve, tires)
    return [
        {
            "position": i + 1,
            "mean": float(boules[:, i].mean(dtype=np.float64)) if len(boules) else None,
            "theory_mean": (i + 1) * (reserve + 1) / (tires + 1),
            "counts": np.bincount(boules[:, i], minlength=reserve + 1)[1 : reserve + 1].tolist(),
            "probs": theorie[i].tolist(),
        }
        for i in range(tires)
    ]
