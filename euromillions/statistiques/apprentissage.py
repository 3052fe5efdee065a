"""Un modèle simple (régression logistique) à côté de la constante 0,1 qu'il ne bat pas.

Une ligne par tirage et par numéro : écart (en tirages, divisé par 10) et parts de sortie sur 10, 50 et 100
tirages (multipliées par 10). Les tirages d'avant la coupure apprennent, ceux d'après jugent.
"""

from __future__ import annotations

from datetime import date
from math import sqrt
from typing import TypedDict

import numpy as np

from euromillions.statistiques.historique import NUMEROS_MAX, NUMEROS_TIRES, Historique, Reels

FENETRES = (10, 50, 100)
PASSE_MIN = 100
TESTS_MIN = 30
COUPURE = date(2023, 1, 1)
VARIABLES = ("intercept", "gap", "f10", "f50", "f100")
CONSTANTE = NUMEROS_TIRES / NUMEROS_MAX


class Appris(TypedDict):
    train_draws: int
    test_draws: int
    split: str
    feature_names: list[str]
    coef: list[float]
    se: list[float]
    z: list[float]
    test_logloss_model: float
    test_logloss_constant: float
    test_brier_model: float
    test_brier_constant: float
    top5_hits: int
    top5_mean_matches: float
    top5_expected: float
    top5_z: float
    pred_min: float
    pred_max: float
    next_draw: list[float]


class TropPeuDeTirages(Exception):
    """Pas assez d'histoire pour apprendre puis juger."""


def variables(historique: Historique) -> Reels:
    """Variables avant chaque tirage et avant le suivant, forme (N + 1, 50, 4)."""
    nombre = len(historique)
    sorties = np.zeros((nombre, NUMEROS_MAX), dtype=np.bool_)
    np.put_along_axis(sorties, historique.numeros.astype(np.int64) - 1, True, axis=1)
    vus = np.where(sorties, np.arange(nombre)[:, None], -1)
    derniers = np.full((nombre + 1, NUMEROS_MAX), -1)
    derniers[1:] = np.maximum.accumulate(vus, axis=0)
    cumul = np.zeros((nombre + 1, NUMEROS_MAX))
    np.cumsum(sorties, axis=0, out=cumul[1:])
    rangs = np.arange(nombre + 1)
    colonnes = [(rangs[:, None] - 1 - derniers) / 10]
    for fenetre in FENETRES:
        debut = np.maximum(rangs - fenetre, 0)
        colonnes.append(10 * (cumul - cumul[debut]) / np.maximum(rangs - debut, 1)[:, None])
    return np.stack(colonnes, axis=2)


def apprendre(historique: Historique, *, coupure: date = COUPURE) -> Appris:
    """Apprend avant la coupure, juge après ; faute de tirages d'un côté, les 20 % derniers jugent.

    Lève TropPeuDeTirages.
    """
    # scikit-learn coûte cent mégaoctets : seul l'ouvrier qui apprend le charge.
    from sklearn.linear_model import LogisticRegression

    nombre = len(historique)
    partage = int(np.searchsorted(historique.jours, np.datetime64(coupure)))
    if partage - PASSE_MIN < PASSE_MIN or nombre - partage < TESTS_MIN:
        partage = nombre - max(TESTS_MIN, nombre // 5)
    if partage - PASSE_MIN < TESTS_MIN:
        raise TropPeuDeTirages(
            f"Il faut au moins {PASSE_MIN + 2 * TESTS_MIN} tirages pour apprendre ({nombre} connus)."
        )
    x = variables(historique)
    y = np.zeros((nombre, NUMEROS_MAX))
    np.put_along_axis(y, historique.numeros.astype(np.int64) - 1, 1, axis=1)
    entree, cible = x[PASSE_MIN:partage].reshape(-1, x.shape[2]), y[PASSE_MIN:partage].ravel()
    modele = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10, max_iter=200)
    modele.fit(entree, cible)
    coefficients = np.concatenate([modele.intercept_, modele.coef_[0]])
    erreurs = _erreurs_types(entree, modele.predict_proba(entree)[:, 1])
    predits = modele.predict_proba(x[partage:].reshape(-1, x.shape[2]))[:, 1].reshape(-1, NUMEROS_MAX)
    jugement, suivant = predits[:-1], predits[-1]
    realises = y[partage:]
    tests = len(realises)
    tete = np.argsort(-jugement, axis=1, kind="stable")[:, :NUMEROS_TIRES]
    trouves = int(np.take_along_axis(realises, tete, axis=1).sum())
    p = CONSTANTE
    variance = NUMEROS_TIRES * p * (1 - p) * (NUMEROS_MAX - NUMEROS_TIRES) / (NUMEROS_MAX - 1)
    return {
        "train_draws": partage - PASSE_MIN,
        "test_draws": tests,
        "split": str(historique.jours[partage]),
        "feature_names": list(VARIABLES),
        "coef": coefficients.tolist(),
        "se": erreurs.tolist(),
        "z": (coefficients / erreurs).tolist(),
        "test_logloss_model": _logloss(realises, jugement),
        "test_logloss_constant": _logloss(realises, np.full(realises.shape, p)),
        "test_brier_model": float(((jugement - realises) ** 2).mean()),
        "test_brier_constant": float(((p - realises) ** 2).mean()),
        "top5_hits": trouves,
        "top5_mean_matches": trouves / tests,
        "top5_expected": NUMEROS_TIRES * p,
        "top5_z": (trouves / tests - NUMEROS_TIRES * p) / sqrt(variance / tests),
        "pred_min": float(jugement.min()),
        "pred_max": float(jugement.max()),
        "next_draw": suivant.tolist(),
    }


def _erreurs_types(entree: Reels, probabilites: Reels) -> Reels:
    """Racines de la diagonale de l'inverse de l'information de Fisher."""
    x = np.column_stack([np.ones(len(entree)), entree])
    information = x.T @ (x * (probabilites * (1 - probabilites))[:, None])
    erreurs: Reels = np.sqrt(np.diag(np.linalg.inv(information)))
    return erreurs


def _logloss(realises: Reels, predits: Reels) -> float:
    return float(-(realises * np.log(predits) + (1 - realises) * np.log1p(-predits)).mean())
