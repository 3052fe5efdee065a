"""Application Référentiels : ce qu'elle ajoute au menu et aux routes."""

from django.apps import AppConfig

from simulateur.web import menu, routes
from simulateur.web.menu import Entree


class ReferentielsConfig(AppConfig):
    name = "referentiels"
    verbose_name = "Référentiels"

    def ready(self) -> None:
        routes.declarer("referentiels.urls")
        menu.declarer(
            "Effectifs", Entree("Imports", "referentiels:imports", reservee_au_personnel=True, rang=9)
        )
