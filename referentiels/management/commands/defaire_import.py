"""`manage.py defaire_import N` : rend à chaque ligne écrite par un import sa valeur d'avant."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from referentiels.imports.defaire import defaire
from referentiels.models import ImportFichier
from simulateur.web.refus import refus_de_commande


class Command(BaseCommand):
    help = "Défait un import appliqué, si rien n'a changé ses lignes depuis."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("numero", type=int, help="numéro de l'import")

    def handle(self, *args: Any, **options: Any) -> None:
        trace = ImportFichier.objects.filter(pk=options["numero"]).first()
        if trace is None:
            raise CommandError(f"Aucun import n'a le numéro {options['numero']}.")
        with refus_de_commande():
            defaire(trace)
        self.stdout.write(self.style.SUCCESS(f"Import n° {trace.pk} défait."))
