"""Qui voit quoi dans le noyau : une fonction par question, pour les pages et l'admin.

Les sondes et les mesures n'en posent aucune : un outil de surveillance les lit sans compte.
"""

from typing import Any


def portee_du_lecteur(compte: Any) -> str:
    """Ce que ce compte voit du réseau : partie de la clé de toute réponse gardée. « tout », pour chacun."""
    return "tout"


def peut_voir_les_pages_du_personnel(compte: Any) -> bool:
    """Les entrées du menu réservées à l'équipe."""
    return bool(getattr(compte, "is_staff", False))


def peut_lire_l_etat(compte: Any) -> bool:
    """Ce que le logiciel écrit seul : ouvriers, canari, révisions."""
    return bool(compte.is_active and compte.is_staff)


def peut_vider_le_cache(compte: Any) -> bool:
    """Une famille vidée se recalcule : rien ne se perd, mais les lecteurs attendent."""
    return peut_lire_l_etat(compte)
