"""Écrire pour un tableur sans lui donner de formule à exécuter."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

_DEBUTS_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r")


def cellule_sure(valeur: Any) -> Any:
    """Un texte qu'un tableur prendrait pour une formule reçoit une apostrophe ; un nombre reste tel."""
    if isinstance(valeur, str) and valeur.removeprefix("'").startswith(_DEBUTS_DE_FORMULE):
        return f"'{valeur}"
    return valeur


def sans_apostrophe(texte: str) -> str:
    """Le texte que `cellule_sure` a gardé ; tout autre reste tel."""
    nu = texte[1:] if texte.startswith("'") else texte
    return nu if nu.removeprefix("'").startswith(_DEBUTS_DE_FORMULE) else texte


def csv_pour_tableur(entetes: Sequence[str], lignes: Iterable[Sequence[Any]]) -> bytes:
    """CSV qu'un tableur français ouvre sans question : UTF-8 avec marque, séparateur « ; »."""
    texte = io.StringIO(newline="")
    ecrivain = csv.writer(texte, delimiter=";")
    ecrivain.writerow(entetes)
    ecrivain.writerows([cellule_sure(valeur) for valeur in ligne] for ligne in lignes)
    return texte.getvalue().encode("utf-8-sig")
