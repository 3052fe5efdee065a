"""Ancien nom : celui d'un téléchargement mis en file avant le déménagement vers `euromillions.travaux`."""

from simulateur.travaux.anciens import renvoyer

__getattr__ = renvoyer("euromillions.travaux", "telecharger_tirages")
