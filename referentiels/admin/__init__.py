"""Admin du référentiel : le réseau, les règles, l'activité."""

from referentiels.admin import activite, regles, reseau

__all__ = ["activite", "regles", "reseau"]
