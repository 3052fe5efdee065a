"""Admin du référentiel : le réseau, les règles, l'activité."""

from referentiels.admin import activite, regles, reseau
from referentiels.imports import admin as imports

__all__ = ["activite", "imports", "regles", "reseau"]
