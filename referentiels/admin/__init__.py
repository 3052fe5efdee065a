"""Admin du référentiel : le réseau, les règles, l'activité."""

from referentiels.admin import activite, regles, reseau
from referentiels.admin import imports as imports

__all__ = ["activite", "imports", "regles", "reseau"]
