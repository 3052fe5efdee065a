"""Qui peut quoi sur le référentiel : une fonction par question, pour la page, l'API et l'admin."""

from typing import Any


def peut_lire(compte: Any) -> bool:
    """Toute personne connectée lit le référentiel."""
    return bool(compte and compte.is_authenticated and compte.is_active)


def peut_modifier(compte: Any) -> bool:
    """Seule l'équipe (`is_staff`) l'écrit."""
    return peut_lire(compte) and bool(compte.is_staff)


def peut_importer(compte: Any) -> bool:
    """Importer des tâches, des volumes ou des effectifs, et lire les rapports d'import."""
    return peut_modifier(compte)
