"""Les anciens noms des travaux : la file peut encore livrer ce qu'une version précédente y a mis."""

from collections.abc import Callable
from importlib import import_module
from typing import Any


def renvoyer(module: str, *noms: str) -> Callable[[str], Any]:
    """Le `__getattr__` d'un module vidé : ces noms se lisent désormais dans `module`, importé à l'usage."""

    def chercher(nom: str) -> Any:
        if nom in noms:
            return getattr(import_module(module), nom)
        raise AttributeError(nom)

    return chercher
