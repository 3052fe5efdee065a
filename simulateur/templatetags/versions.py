"""La version des lignes qu'une page montre, à renvoyer avec ce qu'on en fait."""

from typing import Any

from django import template

from simulateur.cache import versions

register = template.Library()


@register.filter
def version(ligne: Any) -> str:
    """Celle d'une ligne telle qu'elle a été lue."""
    return versions.vue(ligne)


@register.filter
def version_commune(lignes: Any) -> str:
    """Celle d'un choix de lignes, ensemble."""
    return versions.etiquette_commune(lignes)
