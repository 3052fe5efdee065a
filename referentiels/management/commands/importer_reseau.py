"""`manage.py importer_reseau` : régions, directions, typologies, centres, postes, paramètres des centres."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from referentiels.imports.service import Demande, Genre
from referentiels.management.imports import CommandeImport


class Command(CommandeImport):
    help = "Importe les tables du réseau que le fichier a. Essai à blanc sans --appliquer."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--remplacer", action="store_true", help="supprime les valeurs absentes des tables du fichier"
        )

    def demande(self, options: Mapping[str, Any]) -> Demande:
        return Demande(genre=Genre.RESEAU, remplacer=options["remplacer"], **self.lecture(options))
