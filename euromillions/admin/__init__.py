"""Admin EuroMillions : le jeu, les grilles, les imports."""

from euromillions.admin import grilles, imports, jeu

__all__ = ["grilles", "imports", "jeu"]
