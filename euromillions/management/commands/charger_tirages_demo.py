"""Charge un historique fictif, pour essayer l'application sans fichier de l'opérateur."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from euromillions.tirages.demo import GRAINE, TiragesReelsPresents, charger_fictifs

SUITE = (
    "Ces tirages sont inventés et signalés comme tels partout. Pour les remplacer par les vrais : "
    "manage.py importer_tirages FICHIER… --appliquer"
)


class Command(BaseCommand):
    help = "Charge des tirages fictifs (refusé si de vrais tirages sont en base ; sans effet si déjà fait)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--graine", type=int, default=GRAINE, help="graine du tirage au sort")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["graine"] < 0:
            raise CommandError("--graine : un entier positif ou nul est attendu.")
        try:
            nombre = charger_fictifs(jusqu_au=timezone.localdate(), graine=options["graine"])
        except TiragesReelsPresents as erreur:
            raise CommandError(
                "De vrais tirages sont en base : la démonstration ne s'y mêle pas. Rien n'a été changé."
            ) from erreur
        if not nombre:
            self.stdout.write("Des tirages fictifs sont déjà chargés : rien n'a été changé.")
        else:
            self.stdout.write(f"{nombre} tirages fictifs chargés (graine {options['graine']}).")
        self.stdout.write(SUITE)
