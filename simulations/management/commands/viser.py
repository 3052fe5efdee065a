"""`manage.py viser productivite --objectif ecart --valeur 0 --direction 3` : la valeur qui l'atteint."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from simulateur.langue.nombres import nombre
from simulateur.web.refus import refus_de_commande
from simulations.calculs.cible import viser
from simulations.demandes.objectif import OBJECTIFS, lire_cible


class Command(BaseCommand):
    help = "Cherche la valeur d'un paramètre qui atteint un objectif ; rien n'est gardé."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("libre", help="productivite, heures_jour, temps_mort, absence_pct, croissance…")
        parser.add_argument("--objectif", choices=OBJECTIFS, default=OBJECTIFS[0])
        parser.add_argument("--valeur", type=float, help="personnes, ETP, ou unités monétaires par an")
        parser.add_argument("--direction", type=int, help="identifiant ; sans lieu, le pays")
        parser.add_argument("--centre", type=int)
        parser.add_argument("--poste", type=int, help="un poste de ce centre")
        parser.add_argument("--annee", type=int)
        parser.add_argument(
            "--parametre", action="append", default=[], metavar="NOM=VALEUR", help="autre que celui cherché"
        )

    def handle(self, **options: Any) -> None:
        noms = {"direction": "direction_id", "centre": "centre_id", "poste": "poste_id"}
        corps = {vers: options[de] for de, vers in noms.items() if options[de] is not None}
        corps |= {nom: options[nom] for nom in ("annee", "valeur") if options[nom] is not None}
        corps |= {"libre": options["libre"], "objectif": options["objectif"]}
        autres = dict(couple.partition("=")[::2] for couple in options["parametre"])
        with refus_de_commande():
            reponse = viser(lire_cible({**corps, **autres}))
        self.stdout.write(reponse["message"])
        if reponse["intervalle"]:
            bas, haut = (nombre(borne, 4) for borne in reponse["intervalle"])
            self.stdout.write(f"Il tient de {bas} à {haut}.")
