"""`manage.py importer_reseau` : régions, directions, typologies, centres, postes, paramètres des centres."""

from referentiels.imports.service import Genre
from referentiels.management.imports import CommandeDeTables


class Command(CommandeDeTables):
    help = "Importe les tables du réseau que le fichier a. Essai à blanc sans --appliquer."
    genre = Genre.RESEAU
