"""`manage.py importer_regles` : flux, cellules, produits, unités, phases, synonymes, exclusions, réglages."""

from referentiels.imports.service import Genre
from referentiels.management.imports import CommandeDeTables


class Command(CommandeDeTables):
    help = "Importe les tables des règles que le fichier a. Essai à blanc sans --appliquer."
    genre = Genre.REGLES
