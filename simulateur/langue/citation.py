"""Citer dans une phrase ce qui a été reçu, sans renvoyer n'importe quoi."""

import json
import unicodedata
from typing import Any

LONGUEUR_CITEE = 80


def citer(valeur: Any) -> str:
    """La valeur reçue, courte et affichable : ni caractère de contrôle, ni demi-caractère Unicode.

    Ce qui n'est pas un texte est cité comme le client l'a écrit : en JSON.
    """
    texte = valeur if isinstance(valeur, str) else _en_json(valeur)
    court = texte if len(texte) <= LONGUEUR_CITEE else f"{texte[:LONGUEUR_CITEE]}…"
    return "".join(_affichable(lettre) for lettre in court)


def _en_json(valeur: Any) -> str:
    try:
        return json.dumps(valeur, ensure_ascii=False, default=str)
    except RecursionError:
        return "…"


def _affichable(lettre: str) -> str:
    if lettre.isprintable():
        return lettre
    return " " if unicodedata.category(lettre) == "Zs" else "\ufffd"
