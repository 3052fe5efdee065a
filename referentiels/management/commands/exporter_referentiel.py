"""`manage.py exporter_referentiel GENRE` : tâches, volumes, effectifs, réseau ou règles, réimportables."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from referentiels.exports.lignes import TABLES
from referentiels.exports.portee import lire_portee
from referentiels.exports.service import exporter, exporter_gabarit
from referentiels.imports.service import Genre
from referentiels.lectures.annees import lire_annee
from simulateur.fichiers.tableaux import FORMATS
from simulateur.management.fichiers import ecrire
from simulateur.web.refus import refus_de_commande


class Command(BaseCommand):
    help = "Écrit tâches, volumes, effectifs, réseau ou règles, réimportables tels quels."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("genre", choices=Genre.values)
        portee = parser.add_mutually_exclusive_group()
        portee.add_argument("--centre", metavar="CODE", default="")
        portee.add_argument("--direction", metavar="CODE", default="")
        portee.add_argument("--typologie", metavar="CODE", default="", help="ses tâches modèles")
        portee.add_argument("--gabarit", action="store_true", help="le classeur vide de cet import")
        parser.add_argument("--annee", type=int, help="volumes de cette année seulement")
        parser.add_argument(
            "--table", choices=TABLES, default="", help="une seule table du réseau ou des règles"
        )
        parser.add_argument("--format", choices=FORMATS, default="xlsx")
        parser.add_argument("--sortie", type=Path, help="fichier à écrire ; sinon son nom, ici")

    def handle(self, *args: Any, **options: Any) -> None:
        with refus_de_commande():
            annee = lire_annee(options["annee"])
            if options["gabarit"]:
                fichier = exporter_gabarit(options["genre"])
            else:
                portee = lire_portee(**{nom: options[nom] for nom in ("centre", "direction", "typologie")})
                fichier = exporter(
                    options["genre"],
                    portee,
                    annee=annee,
                    format_=options["format"],
                    table=options["table"],
                    couts=True,
                )
        chemin: Path = options["sortie"] or Path(fichier.nom)
        self.stdout.write(self.style.SUCCESS(ecrire(chemin, fichier.octets)))
