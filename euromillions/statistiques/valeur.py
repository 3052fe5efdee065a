"""Ce que vaut un score : sa liaison avec ce que les grilles ont vraiment trouvé."""

from math import erfc, sqrt
from typing import TypedDict

import numpy as np

from euromillions.statistiques.historique import Entiers, Reels


class Valeur(TypedDict):
    correlation: float | None
    z: float | None
    p: float | None
    draws: int
    grids: int


def valeur_du_score(scores: Reels, trouves: Entiers) -> Valeur:
    """Corrélation entre scores et numéros trouvés, formes (D, G) ; z prend le tirage pour unité.

    À un tirage donné, un score sans valeur n'a aucune covariance attendue avec le résultat : z compare la
    somme de ces covariances à leur dispersion d'un tirage à l'autre.
    """
    centres = scores - scores.mean(axis=1, keepdims=True)
    produits = (centres * trouves).sum(axis=1)
    dispersion = sqrt(float((produits**2).sum()))
    plats = scores.std(), trouves.std()
    z = float(produits.sum()) / dispersion if dispersion else None
    return {
        "correlation": float(np.corrcoef(scores.ravel(), trouves.ravel())[0, 1]) if all(plats) else None,
        "z": z,
        "p": None if z is None else erfc(abs(z) / sqrt(2)),
        "draws": scores.shape[0],
        "grids": scores.size,
    }


class ValeurLue(Valeur):
    """La valeur telle qu'elle se publie. `reason` : pourquoi z et p manquent, None s'ils sont là."""

    reason: str | None


def lire_la_valeur(mesure: Valeur) -> ValeurLue:
    """La mesure rangée, quel que soit son âge, avec la raison de ce qui manque."""
    return {**mesure, "reason": raison_de_l_absence(mesure) or None}


def raison_de_l_absence(mesure: Valeur) -> str:
    """Pourquoi z et p n'existent pas ; vide s'ils existent."""
    if mesure["p"] is not None:
        return ""
    if mesure["grids"] <= mesure["draws"]:
        return "une seule grille par tirage : aucune note à comparer à une autre du même tirage"
    return "à chaque tirage, toutes les grilles ont la même note ou le même résultat"
