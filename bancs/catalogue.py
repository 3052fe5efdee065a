"""Tous les bancs, dans l'ordre où `manage.py banc_essai` les mesure."""

from bancs.effectifs import simulations
from bancs.euromillions import statistiques
from bancs.outil import Banc


def bancs() -> list[Banc]:
    return [*simulations.bancs(), *statistiques.bancs()]
