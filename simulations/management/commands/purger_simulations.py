"""manage.py purger_simulations : la purge hebdomadaire, à la demande."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from simulations.purge import JOURS, purger


class Command(BaseCommand):
    help = "Supprime les simulations anciennes, sauf conservées ou d'un scénario validé."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--jours", type=int, default=JOURS, help=f"âge minimal (défaut : {JOURS})")
        parser.add_argument("--a-blanc", action="store_true", help="compter sans rien supprimer")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["jours"] <= 3650:
            raise CommandError("--jours : de 1 à 3 650.")
        bilan = purger(jours=options["jours"], a_blanc=options["a_blanc"])
        debut = "À blanc : " if options["a_blanc"] else ""
        self.stdout.write(
            f"{debut}{bilan.simulations} simulation(s), {bilan.exports} export(s), "
            f"{bilan.instantanes} instantané(s)"
        )
