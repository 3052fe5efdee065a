"""Commandes que plusieurs métiers partagent."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

JOURS_MAX = 3650


class CommandeDePurge(BaseCommand):
    """`--jours N --a-blanc` : la purge hebdomadaire d'un métier, à la demande."""

    jours_par_defaut: int

    def purger(self, *, jours: int, a_blanc: bool) -> str:
        """Purge, ou compte seulement ; rend le bilan en une ligne."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        defaut = self.jours_par_defaut
        parser.add_argument("--jours", type=int, default=defaut, help=f"âge minimal (défaut : {defaut})")
        parser.add_argument("--a-blanc", action="store_true", help="compter sans rien supprimer")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["jours"] <= JOURS_MAX:
            raise CommandError("--jours : de 1 à 3 650.")
        bilan = self.purger(jours=options["jours"], a_blanc=options["a_blanc"])
        self.stdout.write(f"{'À blanc : ' if options['a_blanc'] else ''}{bilan}")
