"""`manage.py purger_noyau` : la purge de chaque nuit, à la main."""

from typing import Any

from django.core.management.base import BaseCommand

from simulateur.travaux import purge


class Command(BaseCommand):
    help = "Efface les sessions expirées ; connexions et échecs de la file de plus de 90 jours."

    def handle(self, *args: Any, **options: Any) -> None:
        for sorte, nombre in purge.purger().items():
            self.stdout.write(f"{nombre:>6} {sorte}")
