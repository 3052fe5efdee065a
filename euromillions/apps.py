"""Application EuroMillions : ce qu'elle ajoute au menu, aux routes, à la file et aux planifications."""

from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from simulateur.travaux import planification, sortes
from simulateur.travaux.planification import Planification
from simulateur.web import cartes, menu, routes
from simulateur.web.menu import Entree

PLANIFICATIONS = (
    Planification(
        nom="euromillions : actualiser les statistiques",
        fonction="euromillions.travaux.actualiser_statistiques",
        cron="0 6 * * *",
    ),
    Planification(
        nom="euromillions : juger les grilles",
        fonction="euromillions.travaux.juger_les_grilles",
        cron="0 6 * * *",
    ),
    Planification(
        nom="euromillions : rapport hebdomadaire",
        fonction="euromillions.travaux.rapport_hebdomadaire",
        cron="0 8 * * 1",
    ),
    Planification(
        nom="euromillions : élaguer les mesures",
        fonction="euromillions.travaux.elaguer_les_mesures",
        cron="10 2 * * *",
    ),
    Planification(
        nom="euromillions : purge",
        fonction="euromillions.travaux.purge_hebdomadaire",
        cron="40 3 * * 1",
    ),
    Planification(
        nom="euromillions : réapprendre le modèle",
        fonction="euromillions.travaux.reapprendre_le_modele",
        cron="0 7 * * 1",
    ),
    Planification(
        nom="euromillions : télécharger les tirages",
        fonction="euromillions.travaux.telecharger_tirages",
        # Lendemains de tirage, avant l'actualisation de 6 h. Sans adresse réglée, ne fait rien.
        cron="30 5 * * 3,6",
    ),
)


def _pages(gerer: Callable[[Any], bool]) -> tuple[Entree, ...]:
    """Celles du menu ; `gerer` : qui voit les imports."""
    return (
        Entree("Vue d'ensemble", "euromillions:accueil"),
        Entree("Tous les tirages", "euromillions:tirages", groupe="Tirages"),
        Entree("Imports", "euromillions-imports:liste", pour=gerer, groupe="Tirages"),
        Entree("Fréquences", "euromillions:frequences", groupe="Statistiques"),
        Entree("Écarts", "euromillions:ecarts", groupe="Statistiques"),
        Entree("Combinaisons", "euromillions:combinaisons", groupe="Statistiques"),
        Entree("Répartitions", "euromillions:repartitions", groupe="Statistiques"),
        Entree("Uniformité", "euromillions:uniformite", groupe="Statistiques"),
        Entree("Chances et gains", "euromillions:gains", groupe="Statistiques"),
        Entree("Mes grilles", "euromillions:grilles", groupe="Grilles"),
        Entree("Noter une grille", "euromillions:noter", groupe="Grilles"),
        Entree("Vérificateur", "euromillions:verificateur", groupe="Grilles"),
        Entree("Grilles jugées", "euromillions:precision", groupe="Précision"),
        Entree("Backtest", "euromillions:backtests", groupe="Précision"),
        Entree("Heuristiques", "euromillions:heuristiques", groupe="Précision"),
        Entree("Rapports de la semaine", "euromillions:rapports", groupe="Rapports"),
        Entree("Performance", "euromillions:performance", groupe="Rapports"),
    )


class EuromillionsConfig(AppConfig):
    name = "euromillions"
    verbose_name = "EuroMillions"

    def ready(self) -> None:
        from euromillions.grilles.reglement import regler
        from euromillions.models import garde_base
        from euromillions.models.querysets import PORTEE_TIRAGES
        from euromillions.perms import peut_gerer_les_tirages
        from simulateur.cache import prechauffage, suivi
        from simulateur.exploitation import diagnostic, exposition

        routes.declarer("euromillions.urls")
        menu.declarer("EuroMillions", *_pages(peut_gerer_les_tirages))
        cartes.declarer("euromillions/_carte_accueil.html")
        sortes.declarer("euromillions.Generation", "euromillions.travaux.generer_grilles")
        sortes.declarer("euromillions.Backtest", "euromillions.travaux.rejouer_l_histoire", longs={})
        planification.declarer(*PLANIFICATIONS)
        prechauffage.declarer("statistiques EuroMillions", "euromillions.travaux.actualiser_statistiques")
        exposition.declarer("euromillions.lectures.jauges.exposer")
        diagnostic.declarer("euromillions.lectures.diagnostic.tirages_a_jour")
        suivi.abonner(PORTEE_TIRAGES, regler)
        pre_migrate.connect(garde_base.retirer, sender=self)
        post_migrate.connect(garde_base.apres_migrate, sender=self)
