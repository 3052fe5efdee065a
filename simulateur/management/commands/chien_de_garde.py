"""`manage.py chien_de_garde` : qcluster tenu en vie, prouvé par un canari ; l'ouvrier de production."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from simulateur.exploitation import embarque, naissance
from simulateur.exploitation.chien_de_garde import DELAI_S, INTERVALLE_S, ChienDeGarde, nom_de_grappe
from simulateur.exploitation.disponibilite import Preleveur
from simulateur.exploitation.superviseur import (
    ArretDemande,
    ServiceInstable,
    Superviseur,
    ecoute_des_signaux,
    environnement_des_enfants,
)
from simulateur.mesures.fichiers import Menage, dossier_des_mesures


class Command(BaseCommand):
    help = "Lance qcluster et le redémarre dès qu'un canari n'en revient plus."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--intervalle", type=float, default=INTERVALLE_S, help="secondes entre deux canaris"
        )
        parser.add_argument(
            "--delai", type=float, default=DELAI_S, help="secondes sans réponse avant de redémarrer"
        )

    def handle(self, *args: Any, intervalle: float, delai: float, **options: Any) -> None:
        if phrase := naissance.memoire_partagee_absente():
            raise CommandError(f"La file ne peut pas démarrer. {phrase}")
        chien = ChienDeGarde(intervalle_s=intervalle, delai_s=delai, grappe=nom_de_grappe())
        entretien = (Menage(dossier=dossier_des_mesures()), Preleveur())
        superviseur = Superviseur(
            env=environnement_des_enfants(GRAPPE=chien.grappe), dossier=settings.BASE_DIR
        )
        try:
            with ecoute_des_signaux():
                try:
                    connections.close_all()
                    superviseur.lancer(embarque.service_file())
                    superviseur.tenir(lambda: self._tour(superviseur, chien, entretien))
                finally:
                    superviseur.arreter()
        except ArretDemande:
            self.stdout.write("Arrêt terminé.")
        except ServiceInstable as erreur:
            raise CommandError(str(erreur)) from erreur

    def _tour(
        self, superviseur: Superviseur, chien: ChienDeGarde, entretien: tuple[Menage, Preleveur]
    ) -> None:
        embarque.surveiller_la_file(superviseur, chien)
        for soin in entretien:
            soin.tour()
