"""manage.py comparer CLE CLE… : les différences entre simulations, et pourquoi."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from simulateur.langue.nombres import en_plus, nombre, signe
from simulateur.management.fichiers import ecrire, format_du_nom
from simulateur.web.refus import refus_de_commande
from simulations.analyses.comparaison import LIBELLES, comparer
from simulations.demandes import options as lecture
from simulations.exports import tables
from simulations.moteur.niveaux import NIVEAUX
from simulations.resultats.terminees import lire_terminees


class Command(BaseCommand):
    help = "Compare des simulations terminées à la première, et explique chaque différence."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cles", nargs="+", metavar="CLE", help="identifiants, la base d'abord")
        parser.add_argument("--niveau", choices=NIVEAUX, help="par défaut, celui de l'API")
        parser.add_argument("--direction", type=int, help="se limiter à cette direction (identifiant)")
        parser.add_argument("--centre", type=int, help="se limiter à ce centre (identifiant)")
        parser.add_argument("--sortie", type=Path, help="écrit un classeur (.xlsx) ou un csv, selon le nom")
        parser.add_argument("--json", action="store_true", help="la réponse de l'API")

    def handle(self, *args: Any, **options: Any) -> None:
        donnees = {nom: options[nom] for nom in ("niveau", "direction", "centre") if options[nom]}
        with refus_de_commande():
            cles = lecture.identifiants({"ids": ",".join(options["cles"])})
            simulations = lire_terminees(cles)
            perimetre = lecture.perimetre_commun(donnees, simulations)
            corps = comparer(simulations, perimetre)
        if options["sortie"] is not None:
            format_ = format_du_nom(options["sortie"])
            fichier = tables.de_la_comparaison(corps, format_)
            self.stdout.write(ecrire(options["sortie"], fichier.octets))
            return
        if options["json"]:
            self.stdout.write(json.dumps(corps, ensure_ascii=False, indent=1))
            return
        for rang, total in enumerate(corps["total"], start=1):
            self._imprimer(corps["simulations"][rang], total)
            for ligne in corps["lignes"]:
                for difference in ligne["differences"]:
                    if difference["simulation"] == total["simulation"]:
                        self._ligne(ligne, difference)

    def _imprimer(self, resume: Mapping[str, Any], total: Mapping[str, Any]) -> None:
        titre = resume["scenario"] or resume["libelle"]
        fictif = " — données fictives" if resume["fictif"] else ""
        difference = total["difference"]
        self.stdout.write(
            f"\n{titre}{fictif} : {nombre(total['etp_calcule'], 2)} ETP, "
            f"différence {signe(difference['etp'], 3)}, écart {en_plus(difference['ecart'])}"
        )
        for code, effet in total["pourquoi"].items():
            self.stdout.write(
                f"  {LIBELLES[code]:<16} {signe(effet['etp'], 3):>14} ETP {en_plus(effet['ecart']):>10}"
            )

    def _ligne(self, ligne: Mapping[str, Any], difference: Mapping[str, Any]) -> None:
        nom = ligne.get("poste_label") or ligne.get("centre_label") or ligne.get("direction_label", "")
        self.stdout.write(f"    {nom:<40} {signe(difference['difference']['etp'], 3):>12} ETP")
