"""manage.py purger_generations [--jours N] [--a-blanc] : la purge hebdomadaire, à la demande."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from euromillions.grilles.purge import JOURS, purger


class Command(BaseCommand):
    help = (
        "Supprime les vieilles générations dont aucun chiffre ne dépend ; les grilles jugées restent toutes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--jours", type=int, default=JOURS, help=f"âge minimal (défaut : {JOURS})")
        parser.add_argument("--a-blanc", action="store_true", help="compter sans rien supprimer")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["jours"] <= 3650:
            raise CommandError("--jours : de 1 à 3 650.")
        bilan = purger(jours=options["jours"], a_blanc=options["a_blanc"])
        self.stdout.write(
            f"{'À blanc : ' if options['a_blanc'] else ''}{bilan.generations} génération(s), "
            f"{bilan.grilles_fictives} grille(s) fictive(s), {bilan.backtests} backtest(s)"
        )
