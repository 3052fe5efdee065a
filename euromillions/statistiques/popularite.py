"""Popularité d'une grille : les chances ne changent pas, la part de ceux qui gagnent ensemble, si.

Les gains se partagent. On joue plus volontiers des dates (numéros de 1 à 31) et des motifs réguliers : un
tirage de petits numéros paie moins. Le score est une convention ; l'effet se mesure sur les gains publiés.
"""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from euromillions.statistiques.historique import NUMEROS_TIRES, Entiers, Reels

JOUR_MAX, MOIS_MAX = 31, 12
POIDS_JOURS, POIDS_MOIS, POIDS_MOTIF = 0.6, 0.2, 0.2


class EffetMesure(TypedDict):
    """Gain moyen d'un rang selon le nombre de numéros de 1 à 31 du tirage."""

    numbers_le_31: int
    draws: int
    mean_prize: float
    relative_to_mean: float


def popularite(numeros: Entiers) -> Reels:
    """Score de 0 (impopulaire) à 1 (très jouée) de grilles (G, 5) croissantes."""
    jours = (numeros <= JOUR_MAX).mean(axis=1)
    mois = (numeros <= MOIS_MAX).mean(axis=1)
    differences = np.diff(numeros, axis=1)
    suites = (differences == 1).mean(axis=1)
    reguliere = (differences == differences[:, :1]).all(axis=1)
    return POIDS_JOURS * jours + POIDS_MOIS * mois + POIDS_MOTIF * np.maximum(suites, reguliere)


def effets(numeros: Entiers, gains: Reels) -> list[EffetMesure]:
    """`numeros` (D, 5) et `gains` (D,) d'un rang, un tirage par ligne."""
    if not len(gains):
        return []
    petits = (numeros <= JOUR_MAX).sum(axis=1)
    moyenne = float(gains.mean())
    return [
        {
            "numbers_le_31": k,
            "draws": int((petits == k).sum()),
            "mean_prize": float(gains[petits == k].mean()),
            "relative_to_mean": float(gains[petits == k].mean()) / moyenne if moyenne else 0.0,
        }
        for k in range(NUMEROS_TIRES + 1)
        if (petits == k).any()
    ]
