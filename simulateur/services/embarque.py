"""Le mode embarqué en un objet : base migrée, cache lancé, file et web tenus en vie."""

import fcntl
import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connections

from simulateur.services import chien_de_garde, valkey
from simulateur.services.chien_de_garde import ChienDeGarde
from simulateur.services.mesures import Menage
from simulateur.services.superviseur import Service, Superviseur, environnement_des_enfants

FILE = "file"
WEB = "web"
MANAGE = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py")]


class DejaLance(Exception):
    """Un autre lanceur tient déjà ce dossier de données."""


class PortPris(Exception):
    """Un autre programme écoute déjà sur ce port."""


def service_file() -> Service:
    """SIGTERM à qcluster attend les travaux en cours : dix secondes, puis ils seront repris."""
    return Service(FILE, [*MANAGE, "qcluster"], arret_s=10.0)


def service_web() -> Service:
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:simulateur.services.serveur_web"]
    return Service(WEB, [*gunicorn, "simulateur.wsgi"], arret_s=12.0)


class Embarque:
    """Contexte : tout ce qu'il lance est arrêté à la sortie. `dire` reçoit une phrase par étape."""

    def __init__(self, *, dire: Callable[[str], None], journaux: Path | None = None) -> None:
        self.dire = dire
        self.dossier: Path = settings.DOSSIER_DONNEES
        self.superviseur = Superviseur(
            env=environnement_des_enfants(), dossier=settings.BASE_DIR, dossier_journaux=journaux
        )
        self.chien = ChienDeGarde()
        self.menage = Menage(dossier=self.dossier / "mesures")
        self._cache: valkey.Valkey | None = None
        self._verrou: int | None = None

    def __enter__(self) -> "Embarque":
        self._verrouiller()
        return self

    def __exit__(self, *_: object) -> None:
        self.superviseur.arreter()
        if self._cache is not None:
            self._cache.arreter()
            (self.dossier / "valkey.sock").unlink(missing_ok=True)
        if self._verrou is not None:
            os.close(self._verrou)

    def preparer(self) -> None:
        """Base à jour, dossier des mesures vide, cache lancé ; l'environnement des services en découle."""
        call_command("migrate", verbosity=0, interactive=False)
        mesures = self.dossier / "mesures"
        shutil.rmtree(mesures, ignore_errors=True)
        mesures.mkdir(parents=True)
        ajouts = {"PROMETHEUS_MULTIPROC_DIR": str(mesures), **self._lancer_le_cache()}
        self.superviseur.env = environnement_des_enfants(**ajouts)

    def lancer(self, *services: Service, port: int | None = None, adresse: str = "127.0.0.1") -> None:
        if port is not None:
            self.superviseur.env = {**self.superviseur.env, "PORT": str(port), "ADRESSE": adresse}
        # Un fils qui hériterait d'une connexion ouverte la casserait pour tout le monde.
        connections.close_all()
        for service in services:
            self.superviseur.lancer(service)

    def tenir(self) -> None:
        self.superviseur.tenir(self._tour)

    def manage(self, *arguments: str) -> int:
        """Une commande du projet, au premier plan, avec l'environnement des services (donc leur cache)."""
        return self.superviseur.executer([*MANAGE, *arguments])

    def _lancer_le_cache(self) -> dict[str, str]:
        if os.environ.get("REDIS_URL"):
            self.dire("Cache : le serveur donné par REDIS_URL.")
            return {}
        # Restes d'un arrêt brutal ; le verrou garantit que personne ne s'en sert.
        for reste in self.dossier.glob("valkey-*"):
            shutil.rmtree(reste, ignore_errors=True)
        (self.dossier / "valkey.sock").unlink(missing_ok=True)
        try:
            self._cache = valkey.demarrer(self.dossier)
        except valkey.DemarrageImpossible as erreur:
            self.dire(f"!!! {erreur}")
            self.dire("!!! Le cache est en base : mêmes réponses, plus lentes.")
            return {}
        self.dire("Cache : Valkey embarqué, sur une prise privée.")
        return {"REDIS_URL": self._cache.url}

    def _tour(self) -> None:
        surveiller_la_file(self.superviseur, self.chien)
        self.menage.tour()

    def _verrouiller(self) -> None:
        self.dossier.mkdir(parents=True, exist_ok=True)
        verrou = os.open(self.dossier / "verrou", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(verrou)
            raise DejaLance(
                f"Le projet tourne déjà avec les données de {self.dossier} : l'arrêter d'abord, "
                "ou donner un autre DOSSIER_DONNEES."
            ) from None
        self._verrou = verrou


def surveiller_la_file(superviseur: Superviseur, chien: ChienDeGarde) -> None:
    """Un tour du chien de garde ; une base momentanément muette ne fait pas redémarrer la grappe."""
    try:
        raison = chien.tour()
    except OperationalError:
        connections.close_all()
        return
    if raison:
        superviseur.redemarrer(FILE, raison=raison)
        chien_de_garde.rendre_les_entrees_prises()


def exiger_un_port_libre(adresse: str, port: int) -> None:
    with socket.socket() as essai:
        essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            essai.bind((adresse, port))
        except OSError:
            raise PortPris(
                f"Le port {port} est déjà pris : en choisir un autre, par exemple PORT={port + 1}."
            ) from None
