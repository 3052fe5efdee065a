"""`manage.py importer_regles` : flux, cellules, produits, unités, phases, synonymes, exclusions, réglages."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from referentiels.imports.service import Demande, Genre
from referentiels.management.imports import CommandeImport


class Command(CommandeImport):
    help = "Importe les tables des règles que le fichier a. Essai à blanc sans --appliquer."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--remplacer", action="store_true", help="supprime les règles absentes des tables du fichier"
        )

    def demande(self, options: Mapping[str, Any]) -> Demande:
        return Demande(genre=Genre.REGLES, remplacer=options["remplacer"], **self.lecture(options))
