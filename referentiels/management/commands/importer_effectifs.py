"""`manage.py importer_effectifs` : effectifs présents par centre et par poste."""

from collections.abc import Mapping
from typing import Any

from referentiels.imports.service import Demande, Genre
from referentiels.management.imports import CommandeImport


class Command(CommandeImport):
    help = "Importe les effectifs présents des centres. Essai à blanc sans --appliquer."

    def demande(self, options: Mapping[str, Any]) -> Demande:
        return Demande(genre=Genre.EFFECTIFS, **self.lecture(options))
