"""Les cartes de l'accueil : chaque application déclare la sienne, le noyau les montre sans les connaître."""

from collections.abc import Callable
from typing import Any

from simulateur.web.menu import tout_compte

_GABARITS: dict[str, Callable[[Any], bool]] = {}


def declarer(gabarit: str, *, pour: Callable[[Any], bool] = tout_compte) -> None:
    """À appeler dans `AppConfig.ready` ; les cartes paraissent dans l'ordre des déclarations."""
    _GABARITS[gabarit] = pour


def montrees_a(compte: Any) -> tuple[str, ...]:
    return tuple(gabarit for gabarit, pour in _GABARITS.items() if pour(compte))
