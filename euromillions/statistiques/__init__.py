"""Statistiques des tirages, en tableaux numpy : ni base, ni horloge, ni réglages, ni hasard.

Entrée : un `Historique` (une ligne par tirage). Sortie : des dictionnaires typés, prêts pour le JSON.
"""

from euromillions.statistiques.ensemble import complet, rapide
from euromillions.statistiques.historique import Historique

__all__ = ["Historique", "complet", "rapide"]
