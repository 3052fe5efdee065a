"""Ancien nom : un téléchargement mis en file avant le déménagement vers `euromillions.travaux` le porte."""

from euromillions.travaux import telecharger_tirages

__all__ = ["telecharger_tirages"]
