"""Admin du noyau."""

from simulateur.admin import comptes, etat, jetons, planifications

__all__ = ["comptes", "etat", "jetons", "planifications"]
