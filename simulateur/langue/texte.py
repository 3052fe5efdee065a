"""Comparaison de libellés : sans casse, sans accents, espaces réduits."""

import re
import unicodedata
from functools import lru_cache

_ESPACES = re.compile(r"\s+")


@lru_cache(maxsize=50_000)
def normaliser(libelle: str) -> str:
    """« Dépêches  part » → « DEPECHES PART » ; l'apostrophe courbe devient droite."""
    decompose = unicodedata.normalize("NFKD", libelle.replace("’", "'"))
    sans_accents = "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))
    return _ESPACES.sub(" ", sans_accents).strip().upper()
