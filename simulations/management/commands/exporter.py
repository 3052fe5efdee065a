"""manage.py exporter CLE : le fichier d'une simulation, écrit sur place."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from simulateur.management.fichiers import ecrire
from simulateur.web.refus import refus_de_commande
from simulations.exports.fabrique import nom_de_fichier, produire
from simulations.models import Export
from simulations.resultats.terminees import lire_terminees


class Command(BaseCommand):
    help = "Écrit l'export d'une simulation terminée : classeur xlsx, ou archive d'un csv par feuille."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cle", metavar="CLE", help="identifiant de la simulation")
        parser.add_argument("--format", choices=Export.Format.values, default="xlsx")
        parser.add_argument("--ecriture", choices=Export.Ecriture.values, default="fr")
        parser.add_argument("--vers", type=Path, help="fichier à écrire ; par défaut un nom daté, ici")
        parser.add_argument("--ecraser", action="store_true", help="remplacer un fichier présent")

    def handle(self, *args: Any, **options: Any) -> None:
        with refus_de_commande():
            (simulation,) = lire_terminees([options["cle"]])
        chemin: Path = options["vers"] or Path(nom_de_fichier(simulation, options["format"]))
        if chemin.exists() and not options["ecraser"]:
            raise CommandError(f"{chemin} existe déjà : --ecraser pour le remplacer.")
        octets = produire(simulation, options["format"], options["ecriture"])
        self.stdout.write(ecrire(chemin, octets))
