"""Qui voit quoi dans le noyau : une fonction par question, pour les pages et l'admin.

Toutes se répondent par les permissions de Django, d'un compte ou de ses groupes ; `is_staff` ouvre la porte
de l'admin, rien d'autre. Les sondes et les mesures n'en posent aucune : un outil de surveillance les lit sans
compte. Voir docs/metier/effectifs.md#droits.
"""

from collections.abc import Callable
from typing import Any

EXPLOITER = "simulateur.exploiter"
_DISTINCTIONS: list[Callable[[Any], str]] = []


def distinguer(question: Callable[[Any], str]) -> None:
    """À appeler dans `AppConfig.ready` : ce qui, hors des permissions, distingue ce que lisent deux comptes.

    `question(compte)` est vide pour qui voit tout.
    """
    if question not in _DISTINCTIONS:
        _DISTINCTIONS.append(question)


def peut(compte: Any, *permissions: str) -> bool:
    """Ce compte, connecté et actif, a toutes ces permissions (« application.geste_modele »)."""
    return bool(compte and compte.is_authenticated and compte.has_perms(permissions))


def portee_du_lecteur(compte: Any) -> str:
    """Partie de la clé de toute réponse gardée : la même pour qui peut les mêmes choses."""
    permissions = "tout" if compte.is_superuser else ",".join(sorted(compte.get_all_permissions()))
    return "|".join([permissions, *filter(None, (question(compte) for question in _DISTINCTIONS))])


def peut_entrer_dans_l_admin(compte: Any) -> bool:
    return bool(compte.is_active and compte.is_staff)


def peut_lire_l_etat(compte: Any) -> bool:
    """Ce que le logiciel écrit seul : ouvriers, canari, révisions."""
    return peut(compte, EXPLOITER)


def peut_vider_le_cache(compte: Any) -> bool:
    """Une famille vidée se recalcule : rien ne se perd, mais les lecteurs attendent."""
    return peut_lire_l_etat(compte)
