"""Les travaux de fond : leur machine à états, ce qui les reprend, ce qui tourne tout seul.

`executer`, `faucher` et `canari` vivent dans `entrees` ; la file peut encore livrer des travaux mis en
attente sous leurs anciens noms, `simulateur.travaux.executer` par exemple.
"""

from importlib import import_module
from typing import Any

ANCIENNES_ENTREES = ("executer", "faucher", "canari")


def __getattr__(nom: str) -> Any:
    if nom in ANCIENNES_ENTREES:
        return getattr(import_module("simulateur.travaux.entrees"), nom)
    raise AttributeError(nom)
