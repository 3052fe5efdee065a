"""Générer des grilles : tableaux numpy, ni base, ni horloge ; le hasard vient d'une graine donnée.

Une stratégie borne les boules parmi lesquelles on tire (`bassins`), puis on tire sans remise (`tirer`).
Pour le tirage de rang i, seuls les tirages de rang inférieur à i sont lus.
"""

from euromillions.generation.bassins import Bassins, Passe, bassins
from euromillions.generation.sort import GrillesTirees, Impossible, nouveau_generateur, tirer
from euromillions.jeu.regles import COMBINAISON, ECART, FREQUENCE, HASARD, STRATEGIES

__all__ = [
    "COMBINAISON",
    "ECART",
    "FREQUENCE",
    "HASARD",
    "STRATEGIES",
    "Bassins",
    "GrillesTirees",
    "Impossible",
    "Passe",
    "bassins",
    "nouveau_generateur",
    "tirer",
]
