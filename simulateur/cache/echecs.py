"""Compter les échecs d'une adresse : connexions manquées, jetons devinés. Sans cache, rien n'est fermé."""

from simulateur.cache.donnees import compter, lire_le_compte

FENETRE_S = 900


def noter(sorte: str, adresse: str) -> int:
    """Un échec de plus ; le nombre de ceux du quart d'heure, 0 si le cache ne répond pas."""
    return compter(_cle(sorte, adresse), duree_s=FENETRE_S) or 0


def nombre(sorte: str, adresse: str) -> int:
    return lire_le_compte(_cle(sorte, adresse)) or 0


def _cle(sorte: str, adresse: str) -> str:
    return f"echecs:{sorte}:{adresse}"
