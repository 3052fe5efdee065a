"""Admin du noyau."""

from simulateur.admin import etat, planifications

__all__ = ["etat", "planifications"]
