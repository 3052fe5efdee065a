"""`manage.py importer_volumes` : volumes annuels, en format long ou une feuille par centre."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError, CommandParser

from referentiels.imports.service import Demande, Genre
from referentiels.imports.volumes import ANNEE_MAX, ANNEE_MIN
from referentiels.management.imports import CommandeImport


class Command(CommandeImport):
    help = "Importe les volumes annuels des centres. Essai à blanc sans --appliquer."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--annee", type=int, help="année des lignes qui n'en donnent pas")

    def demande(self, options: Mapping[str, Any]) -> Demande:
        annee = options["annee"]
        if annee is not None and not ANNEE_MIN <= annee <= ANNEE_MAX:
            raise CommandError(f"--annee vaut {annee} : une année de {ANNEE_MIN} à {ANNEE_MAX} est attendue.")
        return Demande(genre=Genre.VOLUMES, annee=annee, **self.lecture(options))
