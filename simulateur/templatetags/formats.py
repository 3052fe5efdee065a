"""Filtres de gabarit : l'écriture française des nombres de `simulateur.nombres`."""

from django import template

from simulateur.nombres import ABSENT, FINE_INSECABLE, duree, nombre, pourcent, signe

__all__ = ["ABSENT", "FINE_INSECABLE", "duree", "nombre", "pourcent", "signe"]

register = template.Library()
for _filtre in (nombre, signe, pourcent, duree):
    register.filter(_filtre.__name__, _filtre)
