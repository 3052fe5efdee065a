"""Application Simulations : ce qu'elle ajoute au menu, aux routes, à la file et aux planifications."""

from django.apps import AppConfig

from simulateur.travaux import planification, sortes
from simulateur.travaux.planification import Planification
from simulateur.web import acces, cartes, fiches, menu, routes
from simulateur.web.menu import Entree


class SimulationsConfig(AppConfig):
    name = "simulations"
    verbose_name = "Simulations"

    def ready(self) -> None:
        from referentiels.perms import pourquoi_fermes
        from simulateur.cache import prechauffage
        from simulations.perms import peut_consulter, peut_consulter_le_pays, peut_lancer

        routes.declarer("simulations.urls")
        acces.declarer("simulations", peut_consulter, pourquoi_fermes)
        menu.declarer(
            "Effectifs",
            Entree("Directions", "simulations:directions", pour=peut_consulter),
            Entree("Ensemble du réseau", "simulations:nationale", pour=peut_consulter_le_pays),
            Entree("Lot de centres", "simulations:lot", pour=peut_lancer),
            Entree("Essai", "simulations:essai", pour=peut_lancer),
            Entree("Simulations", "simulations:liste", pour=peut_consulter),
            Entree("Scénarios", "simulations:scenarios", pour=peut_consulter),
            Entree("Comparer", "simulations:comparer", pour=peut_consulter),
            Entree("Couverture", "simulations:couverture", pour=peut_consulter),
        )
        cartes.declarer("simulations/_carte_accueil.html", pour=peut_consulter)
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
