"""`manage.py importer_taches` : le canevas des tâches vers un centre ou la table modèle d'une typologie."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from referentiels.imports.service import Demande, Genre, trouver_centre, trouver_typologie
from referentiels.management.imports import CommandeImport


class Command(CommandeImport):
    help = "Importe les tâches d'un centre ou d'une typologie. Essai à blanc sans --appliquer."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        cible = parser.add_mutually_exclusive_group()
        cible.add_argument("--centre", metavar="CODE", help="sans cible : une colonne « Centre » le nomme")
        cible.add_argument("--typologie", metavar="CODE", help="écrit la table modèle de cette typologie")
        parser.add_argument(
            "--remplacer", action="store_true", help="supprime les tâches absentes du fichier"
        )

    def demande(self, options: Mapping[str, Any]) -> Demande:
        return Demande(
            genre=Genre.TACHES,
            centre=trouver_centre(options["centre"]) if options["centre"] else None,
            typologie=trouver_typologie(options["typologie"]) if options["typologie"] else None,
            remplacer=options["remplacer"],
            **self.lecture(options),
        )
