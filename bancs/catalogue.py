"""Tous les bancs, dans l'ordre où `manage.py banc_essai` les mesure : une ligne par module."""

from itertools import chain

from bancs.effectifs import essais, pages, referentiel, simulations
from bancs.euromillions import couverture, grilles, imports, statistiques
from bancs.outil import Banc

MODULES = (pages, referentiel, simulations, essais, statistiques, imports, grilles, couverture)


def bancs() -> list[Banc]:
    return list(chain.from_iterable(module.bancs() for module in MODULES))
