"""`manage.py prechauffer` : le cache rempli d'avance, à lancer après un déploiement."""

from typing import Any

from django.core.management.base import BaseCommand

from simulateur.cache.prechauffage import prechauffer


class Command(BaseCommand):
    help = "Remplit le cache d'avance : réseau, cartes de calcul, statistiques."

    def handle(self, *args: Any, **options: Any) -> None:
        prechauffer(self.stdout.write)
