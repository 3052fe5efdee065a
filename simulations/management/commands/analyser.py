"""manage.py analyser ANALYSE CLE : une analyse du registre."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from simulateur.langue.inconnus import les_inconnus, phrases_des_inconnus
from simulateur.langue.nombres import nombre
from simulateur.management.fichiers import ecrire, format_du_nom
from simulateur.web.refus import SaisieRefusee, refus_de_commande
from simulations.analyses.analyse import Analyse
from simulations.analyses.registre import PAR_CODE
from simulations.demandes import options as lecture
from simulations.exports import tables
from simulations.moteur.niveaux import NIVEAUX
from simulations.resultats.restitution import resume
from simulations.resultats.terminees import lire_terminees

PERIMETRE = ("niveau", "direction", "centre")
LISTES = ("modes", "lignes", "mouvements")
DECIMALES = 3


class Command(BaseCommand):
    help = "Analyse une simulation terminée, aux mêmes options et aux mêmes chiffres que l'API."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("analyse", choices=sorted(PAR_CODE))
        parser.add_argument("cle", metavar="CLE", help="identifiant de la simulation")
        parser.add_argument("--niveau", choices=NIVEAUX)
        parser.add_argument("--direction", help="se limiter à cette direction (identifiant)")
        parser.add_argument("--centre", help="se limiter à ce centre (identifiant)")
        parser.add_argument(
            *("-o", "--option"),
            action="append",
            default=[],
            metavar="NOM=VALEUR",
            help="option de l'analyse : dispersion_co=15, graine=7, distance=pays, parts=8,33;…",
        )
        parser.add_argument("--sortie", type=Path, help="écrit un classeur (.xlsx) ou un csv, selon le nom")
        parser.add_argument("--json", action="store_true", help="la réponse de l'API")

    def handle(self, *args: Any, **options: Any) -> None:
        donnees = dict(self._option(texte) for texte in options["option"])
        donnees |= {nom: options[nom] for nom in PERIMETRE if options[nom]}
        analyse = PAR_CODE[options["analyse"]]
        with refus_de_commande():
            _refuser_les_inconnus(analyse, donnees)
            (simulation,) = lire_terminees([options["cle"]])
            perimetre = lecture.perimetre(donnees, simulation)
            corps = analyse.analyser(donnees, simulation, perimetre)
        if options["sortie"] is not None:
            format_ = format_du_nom(options["sortie"])
            fichier = tables.de_l_analyse(analyse.code, simulation, corps, format_)
            self.stdout.write(ecrire(options["sortie"], fichier.octets))
            return
        if options["json"]:
            reponse = {"simulation": resume(simulation), **corps}
            self.stdout.write(json.dumps(reponse, ensure_ascii=False, indent=1))
            return
        fictif = " — données fictives" if simulation.fictive else ""
        self.stdout.write(f"{options['analyse'].capitalize()} — {simulation}{fictif}")
        self._imprimer(corps)

    def _option(self, texte: str) -> tuple[str, str]:
        nom, egal, valeur = texte.partition("=")
        if not egal:
            raise CommandError(f"« {texte} » : écrire NOM=VALEUR, par exemple graine=7.")
        return nom.strip(), valeur.strip()

    def _imprimer(self, corps: Mapping[str, Any]) -> None:
        """Le total et les autres valeurs, puis chaque liste, une ligne par ligne."""
        total = corps.get("total")
        for nom, valeur in _plat({c: v for c, v in corps.items() if c not in (*LISTES, "total")}):
            self.stdout.write(f"  {nom} : {valeur}")
        if isinstance(total, Mapping):
            self.stdout.write("  total : " + ", ".join(f"{n} {v}" for n, v in _plat(total)))
        for liste in (total if isinstance(total, list) else [], *(corps.get(nom) or [] for nom in LISTES)):
            for ligne in liste:
                self.stdout.write("  - " + ", ".join(f"{n} {v}" for n, v in _plat(ligne)))


def _refuser_les_inconnus(analyse: Analyse, donnees: Mapping[str, Any]) -> None:
    """SaisieRefusee si une option n'est pas de cette analyse : elle n'agirait pas."""
    permis = [*PERIMETRE[0 if analyse.a_niveaux else 1 :], *(option.nom for option in analyse.options)]
    if inconnus := les_inconnus(donnees, permis):
        raise SaisieRefusee(phrases_des_inconnus(inconnus, permis, "Paramètre"))


def _plat(valeurs: Mapping[str, Any], prefixe: str = "") -> Iterator[tuple[str, str]]:
    """(nom, texte) de chaque valeur ; celles d'un objet portent son nom."""
    for nom, valeur in valeurs.items():
        if isinstance(valeur, Mapping):
            yield from _plat(valeur, f"{prefixe}{nom}.")
        elif isinstance(valeur, list) and any(isinstance(v, Mapping) for v in valeur):
            for rang, ligne in enumerate(valeur, start=1):
                yield from _plat(ligne, f"{prefixe}{nom}.{rang}.")
        else:
            yield f"{prefixe}{nom}", _texte(valeur)


def _texte(valeur: Any) -> str:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, list):
        return " ; ".join(_texte(v) for v in valeur)
    if isinstance(valeur, float):
        return nombre(valeur, DECIMALES)
    return "—" if valeur is None else str(valeur)
