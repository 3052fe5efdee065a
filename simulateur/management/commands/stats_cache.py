"""`manage.py stats_cache` : le serveur de cache, puis chaque famille ; `--vider` en retire une."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import get_resolver

from simulateur.cache import menage
from simulateur.cache.donnees import Famille
from simulateur.exploitation import etat_du_cache
from simulateur.langue.nombres import nombre


class Command(BaseCommand):
    help = "Lectures trouvées et calculées par famille, mémoire, clés, évictions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--vider", metavar="FAMILLE", default="", help="retirer les clés d'une famille")

    def handle(self, *args: Any, **options: Any) -> None:
        get_resolver().url_patterns  # noqa: B018  # charge les modules, donc leurs familles
        if options["vider"]:
            self._vider(options["vider"])
            return
        lu = etat_du_cache.lire()
        self._serveur(lu.serveur)
        self.stdout.write(f"{'famille':<20}{'trouvées':>12}{'calculées':>12}{'taux':>9}{'clés':>9}")
        for ligne in lu.familles:
            self._ligne(ligne.famille.prefixe, ligne.lectures, ligne.cles)
        self._ligne("total", lu.total, sum(ligne.cles or 0 for ligne in lu.familles))

    def _vider(self, prefixe: str) -> None:
        famille = etat_du_cache.famille_nommee(prefixe)
        if famille is None:
            connues = ", ".join(f.prefixe for f in Famille.connues())
            raise CommandError(f"« {prefixe} » n'est pas une famille : {connues}.")
        self.stdout.write(f"{nombre(menage.vider(famille))} clés retirées de « {prefixe} ».")

    def _serveur(self, serveur: etat_du_cache.Serveur) -> None:
        if serveur.etat == "database":
            self.stdout.write("Cache en base : ni mémoire ni évictions à montrer.")
        elif serveur.etat == "unavailable":
            self.stdout.write("Le serveur de cache ne répond pas : tout se calcule.")
        else:
            self.stdout.write(
                f"Serveur : {serveur.memoire} ({serveur.memoire_max} au plus), {nombre(serveur.cles)} clés, "
                f"{nombre(serveur.evincees)} évictions, {nombre(serveur.clients)} clients"
            )

    def _ligne(self, nom: str, lectures: Any, cles: int | None) -> None:
        taux = "—" if lectures.taux is None else f"{nombre(lectures.taux, 1)} %"
        trouvees, calculees = nombre(lectures.trouvees), nombre(lectures.calculees)
        self.stdout.write(f"{nom:<20}{trouvees:>12}{calculees:>12}{taux:>9}{nombre(cles):>9}")
