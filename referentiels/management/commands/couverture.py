"""manage.py couverture : les tâches qu'aucune règle ne couvre."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from referentiels.lectures.couverture import couverture
from referentiels.models import Direction
from simulateur.langue.nombres import nombre

CENTRES_MONTRES = 20


class Command(BaseCommand):
    help = "Liste les tâches dont aucune règle ne couvre le produit, l'unité ou la phase."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--direction", metavar="CODE", help="se limiter à cette direction")

    def handle(self, *args: Any, **options: Any) -> None:
        direction_id = None
        if options["direction"]:
            direction_id = (
                Direction.objects.filter(code=options["direction"]).values_list("pk", flat=True).first()
            )
            if direction_id is None:
                raise CommandError(f"Direction « {options['direction']} » inconnue.")
        rapport = couverture(direction_id=direction_id)
        total = rapport.total
        self.stdout.write(
            f"{nombre(total.taches)} tâches actives, {nombre(total.non_couvertes)} non couvertes "
            f"({nombre(total.part, 2)} % couvertes)"
        )
        for cause, code, nom, taches in rapport.regles:
            self.stdout.write(f"  {cause:<8} {code:<30} {nom:<30} {nombre(taches):>8}")
        for ligne in rapport.centres[:CENTRES_MONTRES]:
            if ligne.non_couvertes:
                self.stdout.write(
                    f"  {ligne.nom:<40} {nombre(ligne.non_couvertes):>8} / {nombre(ligne.taches)}"
                )
