"""Application Référentiels : ce qu'elle ajoute au menu et aux routes."""

from django.apps import AppConfig

from simulateur.web import menu, routes
from simulateur.web.menu import Entree


class ReferentielsConfig(AppConfig):
    name = "referentiels"
    verbose_name = "Référentiels"

    def ready(self) -> None:
        from simulateur.cache import prechauffage
        from simulateur.exploitation import diagnostic, exposition

        routes.declarer("referentiels.urls")
        prechauffage.declarer("référentiel", "referentiels.lectures.prechauffage.prechauffer")
        exposition.declarer("referentiels.lectures.jauges.exposer")
        diagnostic.declarer("referentiels.lectures.diagnostic.direction_entiere")
        menu.declarer(
            "Effectifs", Entree("Imports", "referentiels:imports", reservee_au_personnel=True, rang=9)
        )
