"""Admin du référentiel : le réseau, les règles, l'activité."""

from referentiels.admin import activite, perimetres, regles, reseau
from referentiels.admin import imports as imports

__all__ = ["activite", "imports", "perimetres", "regles", "reseau"]
