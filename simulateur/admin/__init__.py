"""Admin du noyau."""

from simulateur.admin import etat, jetons, planifications

__all__ = ["etat", "jetons", "planifications"]
