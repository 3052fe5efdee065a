"""manage.py telecharger_tirages [--appliquer] : prend l'archive de l'opérateur et la compare à la base."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from euromillions.imports import rapport
from euromillions.imports.service import ImportSuspect, a_blanc, en_dict, importer
from euromillions.imports.telechargement import telecharger
from simulateur.fichiers.limites import FichierRefuse


class Command(BaseCommand):
    help = (
        "Télécharge l'archive de TIRAGES_ARCHIVE_URL (https, zip ou csv) et dit ce qu'elle apporte ; "
        "n'écrit qu'avec --appliquer. Sans adresse réglée, ne fait rien."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--appliquer", action="store_true", help="importer ce qui est téléchargé")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            fichier = telecharger()
            if options["appliquer"]:
                comptes_rendus = [en_dict(fait) for fait in importer([fichier], auteur=None)]
            else:
                comptes_rendus = a_blanc([fichier])
        except (FichierRefuse, ImportSuspect) as refus:
            raise CommandError(str(refus)) from refus
        for compte_rendu in comptes_rendus:
            self.stdout.write(rapport.en_texte(compte_rendu))
        self.stdout.write(rapport.conclusion(comptes_rendus, applique=options["appliquer"]))
