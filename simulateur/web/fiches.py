"""La page d'un objet : déclarée par l'application qui la sert, demandée par celle qui porte l'objet.

Une direction est au référentiel, sa page aux simulations, qui sont au-dessus : le référentiel ne connaît pas
leurs routes.
"""

from django.db import models
from django.urls import reverse

_ROUTES: dict[str, str] = {}


def declarer(etiquette: str, route: str) -> None:
    """`etiquette` : « referentiels.Direction » ; `route` : son nom, qui attend la clé de l'objet."""
    _ROUTES[etiquette] = route


def adresse(objet: models.Model) -> str:
    """L'adresse de la page de cet objet, ou chaîne vide si aucune application n'en sert."""
    route = _ROUTES.get(objet._meta.label)
    return reverse(route, args=[objet.pk]) if route and objet.pk else ""
