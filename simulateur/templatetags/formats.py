"""Filtres de gabarit : l'écriture française des nombres de `simulateur.langue.nombres`."""

from datetime import datetime

from django import template
from django.utils import timezone

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

__all__ = ["ABSENT", "FINE_INSECABLE", "duree", "nombre", "pourcent", "revision", "signe"]

register = template.Library()
for _filtre in (nombre, signe, pourcent, duree, personnes, en_plus):
    register.filter(_filtre.__name__, _filtre)


@register.filter
def revision(numero: int) -> str:
    """Une révision est un instant en microsecondes : « 22/11/2026 à 00:51:11 », ou « initiale »."""
    if not numero:
        return "initiale"
    instant = datetime.fromtimestamp(int(numero) / 1_000_000, tz=timezone.get_current_timezone())
    return instant.strftime("%d/%m/%Y à %H:%M:%S")
