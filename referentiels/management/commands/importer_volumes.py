"""`manage.py importer_volumes` : volumes annuels, en format long ou une feuille par centre."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from referentiels.imports.service import Demande, Genre
from referentiels.lectures.annees import lire_annee
from referentiels.management.imports import CommandeImport
from simulateur.web.refus import refus_de_commande


class Command(CommandeImport):
    help = "Importe les volumes annuels des centres. Essai à blanc sans --appliquer."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--annee", type=int, help="année des lignes qui n'en donnent pas")

    def demande(self, options: Mapping[str, Any]) -> Demande:
        with refus_de_commande():
            annee = lire_annee(options["annee"])
        return Demande(genre=Genre.VOLUMES, annee=annee, **self.lecture(options))
