"""manage.py banc_essai : mesures de vitesse sur des données neuves, jamais sur celles de l'exploitant.

La commande lance ses propres serveurs (SQLite ou PostgreSQL, Valkey, qcluster) dans un dossier temporaire,
s'y relance elle-même, imprime les mesures et efface tout.
"""

import json
import os
import platform
import shutil
import tempfile
from argparse import ArgumentParser
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from bancs import serveurs
from bancs.catalogue import bancs
from bancs.outil import Mesure
from bancs.serveurs import MANAGE
from simulateur.langue.nombres import nombre

PHASES = ("embarque", "national")


class Command(BaseCommand):
    help = "Mesure la vitesse sur des données de démonstration neuves, avec de vrais serveurs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--phase", choices=[*PHASES, "toutes"], default="toutes")
        parser.add_argument("--centres", type=int, default=2000, help="taille de la phase nationale")
        parser.add_argument("--seulement", default="", help="ne garder que les bancs dont le nom contient…")
        parser.add_argument("--json", default="", metavar="FICHIER", help="écrire aussi chaque mesure ici")
        parser.add_argument("--ici", action="store_true", help="sur la base courante (usage interne)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["ici"]:
            self._mesurer_ici(options["phase"], options["seulement"], options["json"])
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
                env = serveurs.demarrer(dossier, fin, postgresql=phase == "national")
                env |= {"SIMULATEUR_MODE": "embarque", "API_LIMITE_UTILISATEUR": "1000000/min"}
                serveurs.manage(env, "migrate", "-v0")
                serveurs.manage(env, "charger_demo", "--centres", str(centres))
                serveurs.manage(env, "charger_tirages_demo", "-v0")
                serveurs.lancer(env, [*MANAGE, "qcluster"], fin)
                suite = ["banc_essai", "--ici", "--phase", phase, "--seulement", options["seulement"]]
                suite += ["--json", options["json"]]
                serveurs.manage(env, *suite)
        except serveurs.MesureImpossible as impossible:
            raise CommandError(str(impossible)) from None
        finally:
            shutil.rmtree(dossier, ignore_errors=True)

    def _mesurer_ici(self, phase: str, seulement: str, fichier: str) -> None:
        call_command("check", verbosity=0)
        _apaiser_la_base()
        lues: list[dict[str, Any]] = []
        for banc in bancs():
            if phase not in banc.phases or seulement not in banc.nom:
                continue
            self.stdout.write(f"-- {banc.nom}")
            for mesure in banc.mesurer():
                self.stdout.write(self._ligne(mesure))
                self.stdout.flush()
                lues.append({"phase": phase, "banc": banc.nom, **asdict(mesure), "tenue": mesure.tenue})
        tenues = [lue["tenue"] for lue in lues if lue["tenue"] is not None]
        if tenues:
            self.stdout.write(f"{sum(tenues)} promesses tenues sur {len(tenues)}")
        if fichier:
            _ajouter(Path(fichier), lues)

    def _ligne(self, mesure: Mesure) -> str:
        valeur = f"{nombre(mesure.valeur, _decimales(mesure.valeur))} {mesure.unite}"
        sens = "≥" if mesure.au_moins else "≤"
        cible = (
            ""
            if mesure.cible is None
            else f"  (cible {sens} {nombre(mesure.cible, _decimales(mesure.cible))})"
        )
        verdict = {None: "   ", True: "ok ", False: "NON"}[mesure.tenue]
        detail = f"  {mesure.detail}" if mesure.detail else ""
        return f"{verdict} {mesure.nom:<58} {valeur:>16}{cible}{detail}"


def _ajouter(fichier: Path, lues: list[dict[str, Any]]) -> None:
    """Les deux phases écrivent dans le même fichier, l'une après l'autre."""
    deja = json.loads(fichier.read_text(encoding="utf-8")) if fichier.exists() else []
    fichier.write_text(json.dumps([*deja, *lues], ensure_ascii=False, indent=1), encoding="utf-8")


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
