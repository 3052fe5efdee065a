"""Droits du référentiel : une fonction par question, la même pour la page, l'API et l'admin."""

from typing import Any


def peut_importer(user: Any) -> bool:
    """Importer des tâches, des volumes ou des effectifs, et lire les rapports d'import."""
    return bool(user.is_active and user.is_staff)
