"""Nombres écrits par des gens : « 1 234,5 » avec n'importe quelle espace ; ni NaN, ni infini, ni 0x10.

Un point ou une virgule suivis d'exactement trois chiffres se lisent de deux façons (« 12.500 ») : c'est aux
autres nombres de la colonne d'en décider, par ce que dit `decimale_dite` de chacun.
"""

import math
import re
from collections.abc import Iterable

from simulateur.fichiers.limites import Speciale, Valeur

_NOMBRE = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:[.,][0-9]*)?(?:[eE][+-]?[0-9]{1,4})?")
_PAR_MILLIERS = re.compile(
    r"[+-]?[0-9]{1,3}(?:(?P<milliers>[.,])[0-9]{3})(?:(?P=milliers)[0-9]{3})*(?:(?!(?P=milliers))[.,][0-9]*)?"
)
_AMBIGU = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}")
# Toutes les espaces d'Unicode (catégorie Zs) ; les chercher coûterait 0,15 s à chaque démarrage.
_ESPACES = dict.fromkeys(
    (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000),
    " ",
)
AUTRE = {".": ",", ",": "."}
MELEE = "?"  # une colonne où les deux séparateurs sont décimaux


class NombreInvalide(ValueError):
    """`str()` est la raison, à montrer après la ligne et la colonne."""


class NombreAmbigu(NombreInvalide):
    """Deux lectures, et rien pour en choisir une."""

    def __init__(self, decimal: float, entier: float) -> None:
        self.lectures = (decimal, entier)
        lues = f"{decimal:.15g}".replace(".", ",")
        super().__init__(
            f"se lit {lues} ou {entier:.0f} : écrire sans séparateur de milliers, ou choisir la notation"
        )


def lire_nombre(valeur: Valeur, decimale: str = "") -> float:
    """Nombre fini. Espaces de milliers et virgule décimale admises. Lève NombreInvalide.

    `decimale` : le séparateur décimal (« . » ou « , ») d'une écriture ambiguë ; vide, elle lève NombreAmbigu.
    """
    if isinstance(valeur, bool | Speciale) or valeur is None:
        raise NombreInvalide("un nombre est attendu")
    nombre = float(valeur) if isinstance(valeur, int | float) else _depuis_texte(valeur, decimale)
    if not math.isfinite(nombre):
        raise NombreInvalide("le nombre n'est pas fini")
    return nombre


def _depuis_texte(texte: str, decimale: str) -> float:
    epure = _epurer(texte)
    ambigu = _AMBIGU.fullmatch(epure)
    if ambigu and decimale not in AUTRE:
        raise NombreAmbigu(float(epure.replace(",", ".")), float(epure.replace(ambigu[1], "")))
    if ambigu and decimale != ambigu[1]:
        return float(epure.replace(ambigu[1], ""))
    if _NOMBRE.fullmatch(epure):
        return float(epure.replace(" ", "").replace(",", "."))
    par_milliers = _par_milliers(epure)
    if par_milliers is None:
        raise NombreInvalide("un nombre est attendu (exemple : 1 234,5)")
    return float(epure.replace(par_milliers, "").replace(AUTRE[par_milliers], "."))


def _epurer(texte: str) -> str:
    return texte.translate(_ESPACES).strip().replace("−", "-")


def _par_milliers(epure: str) -> str | None:
    """Le séparateur de milliers de « 1.234.567,8 » ; None si ce n'est pas une telle écriture."""
    trouve = _PAR_MILLIERS.fullmatch(epure)
    if trouve is None:
        return None
    milliers = trouve["milliers"]
    # Un seul groupe et pas de décimale : c'est l'écriture ambiguë.
    decide = epure.count(milliers) > 1 or AUTRE[milliers] in epure
    return milliers if decide and epure.count(AUTRE[milliers]) <= 1 else None


def decimale_dite(texte: str) -> str:
    """Le séparateur décimal que cette écriture prouve ; vide si elle n'en dit rien."""
    epure = _epurer(texte)
    if _AMBIGU.fullmatch(epure):
        return ""
    if milliers := _par_milliers(epure):
        return AUTRE[milliers]
    if not _NOMBRE.fullmatch(epure):
        return ""
    return next((separateur for separateur in AUTRE if separateur in epure), "")


def decimale_d_une_colonne(valeurs: Iterable[Valeur]) -> str:
    """« . » ou « , » si les textes de la colonne s'accordent, MELEE s'ils se contredisent, vide sinon."""
    dites = {decimale_dite(valeur) for valeur in valeurs if isinstance(valeur, str)} - {""}
    if len(dites) > 1:
        return MELEE
    return next(iter(dites), "")
