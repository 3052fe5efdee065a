"""Filtres de gabarit : l'écriture française des nombres de `simulateur.langue.nombres`."""

from django import template

from simulateur.langue.nombres import (
    ABSENT,
    FINE_INSECABLE,
    duree,
    en_plus,
    nombre,
    personnes,
    pourcent,
    signe,
)
from simulateur.langue.revisions import revision_en_texte

__all__ = ["ABSENT", "FINE_INSECABLE", "duree", "nombre", "pourcent", "signe"]

register = template.Library()
for _filtre in (nombre, signe, pourcent, duree, personnes, en_plus):
    register.filter(_filtre.__name__, _filtre)
register.filter("revision", revision_en_texte)
