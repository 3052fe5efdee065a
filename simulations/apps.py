"""Application Simulations : ce qu'elle ajoute au menu, aux routes, à la file et aux planifications."""

from django.apps import AppConfig

from simulateur.travaux import planification, sortes
from simulateur.travaux.planification import Planification
from simulateur.web import cartes, fiches, menu, routes
from simulateur.web.menu import Entree


class SimulationsConfig(AppConfig):
    name = "simulations"
    verbose_name = "Simulations"

    def ready(self) -> None:
        from simulateur.cache import prechauffage

        routes.declarer("simulations.urls")
        menu.declarer(
            "Effectifs",
            Entree("Directions", "simulations:directions"),
            Entree("Ensemble du réseau", "simulations:nationale"),
            Entree("Lot de centres", "simulations:lot"),
            Entree("Simulations", "simulations:liste"),
            Entree("Scénarios", "simulations:scenarios"),
            Entree("Comparer", "simulations:comparer"),
            Entree("Couverture", "simulations:couverture"),
        )
        cartes.declarer("simulations/_carte_accueil.html")
        fiches.declarer("referentiels.Direction", "simulations:direction")
        fiches.declarer("referentiels.Centre", "simulations:centre")
        sortes.declarer("simulations.Simulation", "simulations.travaux.simuler", longs={"niveau": "national"})
        sortes.declarer("simulations.Export", "simulations.travaux.exporter", longs={})
        prechauffage.declarer("cartes de calcul", "simulations.cartes.prechauffage.prechauffer")
        planification.declarer(
            Planification(
                nom="simulations : purge",
                fonction="simulations.travaux.purge_hebdomadaire",
                cron="30 3 * * 1",
            )
        )
