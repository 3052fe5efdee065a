"""Nombres écrits par des gens : « 1 234,5 » avec n'importe quelle espace ; ni NaN, ni infini, ni 0x10."""

import math
import re

from simulateur.fichiers.limites import Valeur

_NOMBRE = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:[.,][0-9]*)?(?:[eE][+-]?[0-9]{1,4})?")
# Toutes les espaces d'Unicode (catégorie Zs) ; les chercher coûterait 0,15 s à chaque démarrage.
_ESPACES = dict.fromkeys(
    (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000),
    " ",
)


class NombreInvalide(ValueError):
    """`str()` est la raison, à montrer après la ligne et la colonne."""


def lire_nombre(valeur: Valeur) -> float:
    """Nombre fini. Espaces de milliers et virgule décimale admises. Lève NombreInvalide."""
    if isinstance(valeur, bool) or valeur is None:
        raise NombreInvalide("un nombre est attendu")
    nombre = float(valeur) if isinstance(valeur, int | float) else _depuis_texte(valeur)
    if not math.isfinite(nombre):
        raise NombreInvalide("le nombre n'est pas fini")
    return nombre


def _depuis_texte(texte: str) -> float:
    epure = texte.translate(_ESPACES).strip().replace("−", "-")
    if not _NOMBRE.fullmatch(epure):
        raise NombreInvalide("un nombre est attendu (exemple : 1 234,5)")
    return float(epure.replace(" ", "").replace(",", "."))
