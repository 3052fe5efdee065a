"""manage.py generer_grilles STRATEGIE N [--graine G] : génère des grilles sur place et les imprime."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from euromillions.grilles.demande import DemandeSerializer
from euromillions.grilles.lancement import lancer
from euromillions.grilles.restitution import grilles_de
from euromillions.models import Generation
from simulateur.api.conventions import phrase_de_validation
from simulateur.models import Etat
from simulateur.travaux.machine import annuler, executer
from simulateur.web.refus import Refus

ATTENTE_S = 60.0
PAS_S = 0.1


class Command(BaseCommand):
    help = "Génère N grilles pour le prochain tirage ; la graine affichée les redonne à l'identique."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("strategie", help="frequency_based, gap_based, combination_based ou random")
        parser.add_argument("nombre", help="de 1 à 1000")
        parser.add_argument("--graine", help="entier de 64 bits")

    def handle(self, *args: Any, **options: Any) -> None:
        lecture = DemandeSerializer(
            data={"strategy": options["strategie"], "num_grids": options["nombre"], "seed": options["graine"]}
        )
        if not lecture.is_valid():
            raise CommandError(phrase_de_validation(lecture.errors))
        try:
            generation = lancer(lecture.en_demande())
        except Refus as refus:
            raise CommandError(str(refus)) from None
        executer(generation._meta.label, str(generation.pk))
        self._attendre(generation)
        if generation.etat != Etat.TERMINEE:
            raise CommandError(f"{generation.get_etat_display()} : {generation.message}")
        mention = " — tirages fictifs" if generation.fictive else ""
        self.stdout.write(f"{generation}, graine {generation.graine}{mention}")
        for grille in grilles_de(generation):
            numeros, etoiles = (" ".join(f"{n:2d}" for n in b) for b in (grille.numeros, grille.etoiles))
            self.stdout.write(f"{grille.position:4d}  {numeros}  ★ {etoiles}")
        self.stdout.write("Le hasard décide : toute grille a la même chance.")

    def _attendre(self, generation: Generation) -> None:
        """Un ouvrier a pu la prendre avant nous ; après un échec ici, personne ne ferait la suivante."""
        fin = time.monotonic() + ATTENTE_S
        generation.refresh_from_db()
        while generation.etat == Etat.EN_COURS and time.monotonic() < fin:
            time.sleep(PAS_S)
            generation.refresh_from_db()
        if not generation.est_fini:
            annuler(generation)
            generation.refresh_from_db()
