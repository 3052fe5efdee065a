"""Les champs qui demandent une permission : leur clé reste dans la réponse, leur valeur est nulle sans elle.

Une application déclare le motif de leurs noms ; toute réponse de l'API y passe, une vue neuve comprise.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Question = Callable[[Any], bool]
_RESERVES: dict[str, Question] = {}


def declarer(motif: str, question: Question) -> None:
    """À appeler dans `AppConfig.ready`. `motif` : expression qui reconnaît le nom d'un champ."""
    _RESERVES[motif] = question


def pour(compte: Any, corps: Any) -> Any:
    """Le corps que ce compte peut lire."""
    caches = [motif for motif, question in _RESERVES.items() if not question(compte)]
    return _epurer(corps, re.compile("|".join(caches))) if caches else corps


def _epurer(valeur: Any, caches: re.Pattern[str]) -> Any:
    if isinstance(valeur, Mapping):
        return {
            cle: None if caches.search(str(cle)) else _epurer(dedans, caches)
            for cle, dedans in valeur.items()
        }
    if isinstance(valeur, list | tuple):
        return [_epurer(dedans, caches) for dedans in valeur]
    return valeur
