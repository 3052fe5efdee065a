"""Lire des valeurs venues d'ailleurs, et dire ce qui ne va pas sans renvoyer n'importe quoi."""

import math
from typing import Any

from simulateur.langue.citation import citer
from simulateur.langue.nombres import nombre
from simulateur.web.refus import SaisieRefusee

FAUTES_MAX = 100
CHIFFRES_MAX = 18  # un identifiant tient dans un entier de 64 bits


class Fautes(dict[str, list[str]]):
    """Fautes par champ, les `FAUTES_MAX` premières ; les suivantes ne sont que comptées."""

    def __init__(self) -> None:
        super().__init__()
        self.tues = 0

    @property
    def pleines(self) -> bool:
        return len(self) >= FAUTES_MAX

    def noter(self, champ: str, phrase: str) -> None:
        if self.pleines and champ not in self:
            self.tues += 1
            return
        self.setdefault(citer(champ), []).append(phrase)

    def lever(self) -> None:
        if self.tues:
            self["autres"] = [f"{self.tues} fautes de plus, non listées."]
        if self:
            raise SaisieRefusee(self)


def ecrire(valeur: float) -> str:
    """Un nombre d'une phrase d'erreur : jamais « 1e+12 » tant qu'il s'écrit en chiffres."""
    texte = f"{valeur:g}"
    return nombre(valeur) if "e" in texte and 1 <= abs(valeur) < 10**CHIFFRES_MAX else texte


def nombre_fini(valeur: Any) -> float | None:
    """Le nombre, ou None si ce n'en est pas un (texte, booléen, NaN, infini)."""
    if isinstance(valeur, bool) or (isinstance(valeur, str) and "_" in valeur):
        return None
    try:
        lu = float(valeur)
    except (TypeError, ValueError, OverflowError):
        return None
    return lu if math.isfinite(lu) else None


def identifiant(brut: Any) -> int | None:
    """L'identifiant, donné en nombre ou en chiffres ; None si ce n'en est pas un."""
    if isinstance(brut, bool) or not isinstance(brut, int | str):
        return None
    texte = str(brut) if isinstance(brut, str) or 0 <= brut < 10**CHIFFRES_MAX else ""
    return int(texte) if texte.isascii() and texte.isdecimal() and len(texte) <= CHIFFRES_MAX else None
