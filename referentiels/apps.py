"""Application Référentiels : ce qu'elle ajoute au menu et aux routes."""

from django.apps import AppConfig

from simulateur import perms
from simulateur.web import acces, cartes, menu, reserves, routes
from simulateur.web.menu import Entree


class ReferentielsConfig(AppConfig):
    name = "referentiels"
    verbose_name = "Référentiels"

    def ready(self) -> None:
        from referentiels.perms import (
            CHAMPS_DE_COUT,
            cle_du_perimetre,
            peut_importer,
            peut_lire,
            peut_voir_les_couts,
            pourquoi_fermes,
            sans_perimetre,
        )
        from simulateur.cache import prechauffage
        from simulateur.exploitation import diagnostic, exposition
        from simulateur.travaux import planification

        routes.declarer("referentiels.urls")
        acces.declarer("referentiels", peut_lire, pourquoi_fermes)
        cartes.declarer("referentiels/_sans_perimetre.html", pour=sans_perimetre)
        perms.distinguer(cle_du_perimetre)
        reserves.declarer(CHAMPS_DE_COUT, peut_voir_les_couts)
        planification.declarer(
            planification.Planification(
                nom="référentiel : oublier les imports qui ne se défont plus",
                fonction="referentiels.travaux.purge_des_images",
                cron="15 3 * * *",
            )
        )
        prechauffage.declarer("référentiel", "referentiels.lectures.prechauffage.prechauffer")
        exposition.declarer("referentiels.lectures.jauges.exposer")
        diagnostic.declarer("referentiels.lectures.diagnostic.direction_entiere")
        menu.declarer("Effectifs", Entree("Imports", "referentiels:imports", pour=peut_importer, rang=9))
