"""L'histoire d'une boule : années, écarts, boules sorties avec elle, dernières sorties."""

from typing import TypedDict

import numpy as np

from euromillions.statistiques.ecarts import de_la_valeur, histogramme
from euromillions.statistiques.frequences import classer
from euromillions.statistiques.historique import ETOILES_TIREES, NUMEROS_MAX, NUMEROS_TIRES, Historique

DERNIERES = 20
COMPAGNONS = 10
LARGEUR_CLASSE = 5
CLASSES = 13


class ClasseEcart(TypedDict):
    """Nombre d'écarts d'une classe, et ce que la loi géométrique en attend."""

    label: str
    count: int
    expected: float


class ParAnnee(TypedDict):
    year: int
    draws: int
    count: int
    expected: float


class HistoireBoule(TypedDict):
    numero: int
    star: bool
    total_draws: int
    eligible_draws: int
    count: int
    expected: float
    z: float | None
    current_gap: int | None
    mean_gap: float | None
    max_gap: int | None
    expected_gap: float | None
    p_current_gap_by_chance: float | None
    per_year: list[ParAnnee]
    gap_histogram: list[ClasseEcart]
    gaps: list[int]
    companions: list[tuple[int, int]]
    last_dates: list[str]


def histoire(historique: Historique, valeur: int, *, etoile: bool = False) -> HistoireBoule:
    """Histoire de la boule `valeur` ; les tirages où elle n'était pas dans l'urne ne comptent pas."""
    tires = ETOILES_TIREES if etoile else NUMEROS_TIRES
    reserves = historique.reserves.astype(np.int64) if etoile else np.full(len(historique), NUMEROS_MAX)
    p = np.where(reserves >= valeur, tires / np.maximum(reserves, 1), 0.0)
    rangs = (historique.sorties_etoiles if etoile else historique.sorties_numeros).de(valeur)
    boules = historique.etoiles if etoile else historique.numeros
    ecarts = de_la_valeur(historique, valeur, etoile=etoile)
    attendu, variance = float(p.sum()), float((p * (1 - p)).sum())
    courant = len(historique) - 1 - int(rangs[-1]) if len(rangs) else None
    avec = np.bincount(boules[rangs].ravel(), minlength=int(boules.max(initial=0)) + 1)[1:]
    if len(avec) >= valeur:
        avec[valeur - 1] = 0
    return {
        "numero": valeur,
        "star": etoile,
        "total_draws": len(historique),
        "eligible_draws": int((p > 0).sum()),
        "count": len(rangs),
        "expected": attendu,
        "z": (len(rangs) - attendu) / variance**0.5 if variance else None,
        "current_gap": courant,
        "mean_gap": float(ecarts.mean()) if len(ecarts) else None,
        "max_gap": int(ecarts.max()) if len(ecarts) else None,
        "expected_gap": int((p > 0).sum()) / attendu if attendu else None,
        "p_current_gap_by_chance": None if courant is None else float(np.prod(1 - p[len(p) - courant :])),
        "per_year": _par_annee(historique, rangs, p),
        "gap_histogram": _classes(ecarts, p[rangs[:-1]]),
        "gaps": ecarts.tolist(),
        "companions": [paire for paire in classer(avec, COMPAGNONS) if paire[1]],
        "last_dates": [str(jour) for jour in historique.jours[rangs[::-1][:DERNIERES]]],
    }


def _par_annee(historique: Historique, rangs: np.ndarray, p: np.ndarray) -> list[ParAnnee]:
    annees = historique.jours.astype("datetime64[Y]").astype(np.int64) + 1970
    presentes, indices = np.unique(annees, return_inverse=True)
    tirages = np.bincount(indices, minlength=len(presentes))
    sorties = np.bincount(indices[rangs], minlength=len(presentes))
    attendues = np.bincount(indices, weights=p, minlength=len(presentes))
    return [
        {"year": int(an), "draws": int(n), "count": int(k), "expected": float(e)}
        for an, n, k, e in zip(presentes, tirages, sorties, attendues, strict=True)
    ]


def _classes(ecarts: np.ndarray, p: np.ndarray) -> list[ClasseEcart]:
    """Écarts observés par classes de cinq tirages, à côté de la loi géométrique du hasard.

    `p` : chance de sortie au début de chaque écart (elle change avec l'urne).
    """
    comptes = histogramme(ecarts, largeur=LARGEUR_CLASSE, classes=CLASSES)
    classes: list[ClasseEcart] = []
    for i, compte in enumerate(comptes.tolist()):
        debut, derniere = i * LARGEUR_CLASSE, i == CLASSES - 1
        parts = (1 - p) ** debut - (0.0 if derniere else (1 - p) ** (debut + LARGEUR_CLASSE))
        nom = f"{debut + 1} et plus" if derniere else f"{debut + 1}–{debut + LARGEUR_CLASSE}"
        classes.append({"label": nom, "count": compte, "expected": float(parts.sum())})
    return classes
