"""manage.py importer_tirages FICHIER… [--appliquer] [--malgre-soupcon] [--style-date S] [--json]."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError

from euromillions.imports import rapport
from euromillions.imports.dates import CHIFFRES
from euromillions.imports.rapport import CompteRendu
from euromillions.imports.service import Fichier, ImportSuspect, a_blanc, en_dict, importer
from simulateur.exploitation.checks import ETIQUETTE_FILE
from simulateur.fichiers.limites import FichierRefuse

CODE_SUSPECT = 3
CODE_A_REGARDER = 4


class Command(BaseCommand):
    help = (
        "Compare des fichiers de tirages à la base (sans rien écrire), ou les importe avec --appliquer. "
        "Sortie 0 : rien à signaler ; 1 : fichier refusé ; 3 : fichier soupçonné, rien n'est écrit ; "
        "4 : conflits ou lignes invalides à regarder."
    )

    # Pas les vérifications des adresses ni de l'admin : elles chargent toutes les pages du site (1 s).
    requires_system_checks = [ETIQUETTE_FILE, Tags.caches, Tags.models]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichiers", nargs="+", type=Path, metavar="FICHIER", help="csv, ou zip d'un csv")
        parser.add_argument("--appliquer", action="store_true", help="écrire, en une seule transaction")
        parser.add_argument(
            "--malgre-soupcon",
            action="store_true",
            help="ajouter même d'un fichier soupçonné (à n'employer qu'après l'avoir lu)",
        )
        parser.add_argument(
            "--style-date",
            choices=CHIFFRES,
            default="",
            help="à donner quand rien ne dit si le jour précède le mois",
        )
        parser.add_argument("--json", action="store_true", help="compte rendu en JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        fichiers = [_ouvrir(chemin) for chemin in options["fichiers"]]
        try:
            if options["appliquer"]:
                faits = importer(
                    fichiers,
                    auteur=None,
                    malgre_soupcon=options["malgre_soupcon"],
                    style_date=options["style_date"],
                )
                comptes_rendus = [en_dict(fait) for fait in faits]
            else:
                comptes_rendus = a_blanc(fichiers, style_date=options["style_date"])
        except ImportSuspect as soupcon:
            raise CommandError(
                f"{soupcon} Relancer sans --appliquer pour lire le détail, "
                "ou avec --malgre-soupcon pour ajouter quand même.",
                returncode=CODE_SUSPECT,
            ) from soupcon
        except FichierRefuse as refus:
            raise CommandError(str(refus)) from refus
        self._ecrire(comptes_rendus, options)
        if code := _code_de_sortie(comptes_rendus, appliquer=options["appliquer"]):
            raise SystemExit(code)

    def _ecrire(self, comptes_rendus: list[CompteRendu], options: Mapping[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(comptes_rendus, ensure_ascii=False, indent=2))
            return
        for compte_rendu in comptes_rendus:
            self.stdout.write(rapport.en_texte(compte_rendu))
        self.stdout.write(rapport.conclusion(comptes_rendus, applique=options["appliquer"]))


def _ouvrir(chemin: Path) -> Fichier:
    """Lit au plus un octet de trop : un fichier démesuré est refusé sans être chargé."""
    try:
        with chemin.open("rb") as flux:
            return Fichier(chemin.name, flux.read(settings.IMPORT_TAILLE_MAX_OCTETS + 1))
    except OSError as erreur:
        raise CommandError(f"{chemin} : {erreur.strerror}.") from erreur


def _code_de_sortie(comptes_rendus: list[CompteRendu], *, appliquer: bool) -> int:
    if not appliquer and any(compte["rapport"]["soupcon"] for compte in comptes_rendus):
        return CODE_SUSPECT
    if any(compte["conflits"] or compte["invalides"] for compte in comptes_rendus):
        return CODE_A_REGARDER
    return 0
