"""Admin du noyau."""

from simulateur.admin import etat

__all__ = ["etat"]
