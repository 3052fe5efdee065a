"""Le site à charger : les réglages et les processus de la production, sur des données de démonstration."""

import json
import secrets
import socket
import sys
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError

import psutil

from bancs import serveurs
from bancs.serveurs import MANAGE, MesureImpossible
from simulateur.exploitation import processus

__all__ = ["MesureImpossible", "Site", "monter_le_site"]


@dataclass(frozen=True)
class Site:
    """Son adresse, ce que le scénario doit savoir, et les processus qui le servent, par rôle."""

    adresse: str
    donnees: Path
    env: dict[str, str]
    dossier: Path
    roles: dict[str, list[int]] = field(default_factory=dict)

    @property
    def comptes(self) -> dict[str, Any]:
        lues: dict[str, Any] = json.loads(self.donnees.read_text(encoding="utf-8"))
        return lues

    def cpu_s(self) -> dict[str, float]:
        """Secondes de calcul dépensées depuis leur départ, par rôle, enfants compris."""
        return {role: sum(map(_cpu_s, _famille(pids))) for role, pids in self.roles.items()}

    def memoire_mo(self) -> dict[str, float]:
        """Mémoire propre (PSS) de chaque rôle, en Mo."""
        return {role: sum(map(_pss_mo, _famille(pids))) for role, pids in self.roles.items()}


def monter_le_site(dossier: Path, fin: ExitStack, *, comptes: int, centres: int) -> Site:
    """PostgreSQL, Valkey, gunicorn, le chien de garde et sa grappe, le réseau et les comptes."""
    env = serveurs.demarrer(dossier, fin, postgresql=True)
    port = _port_libre()
    env |= {
        "SIMULATEUR_MODE": "production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "CSRF_TRUSTED_ORIGINS": f"https://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "simulateur.settings",
        "PROMETHEUS_MULTIPROC_DIR": str(dossier / "mesures"),
        "PORT": str(port),
        # Cent personnes de la même adresse : ce que voit un web derrière son frontal.
        "WEB_PAR_ADRESSE": "0",
    }
    (dossier / "mesures").mkdir()
    print(f"Préparation : {centres} centres, {comptes} comptes…", flush=True)
    serveurs.manage(env, "migrate", "-v0")
    serveurs.manage(env, "charger_demo", "--centres", str(centres), "-v0")
    serveurs.manage(env, "charger_tirages_demo", "-v0")
    serveurs.manage(env, "collectstatic", "--noinput", "-v0")
    donnees = dossier / "donnees.json"
    _preparer(env, comptes, donnees)
    serveurs_pids = _pids_des_serveurs(dossier)
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:simulateur.exploitation.serveur_web"]
    web = serveurs.lancer(env, [*gunicorn, "simulateur.wsgi"], fin)
    ouvriers = serveurs.lancer(env, [*MANAGE, "chien_de_garde"], fin)
    adresse = f"http://127.0.0.1:{port}"
    processus.attendre(lambda: _repond(adresse), delai_s=60, quoi="la page /pret répond")
    roles = {"web": [web.pid], "ouvriers": [ouvriers.pid], **serveurs_pids}
    return Site(adresse, donnees, env, dossier, roles)


def _preparer(env: dict[str, str], comptes: int, donnees: Path) -> None:
    programme = [sys.executable, "-m", "charge.preparer", str(comptes), str(donnees)]
    lance = processus.lancer(programme, env=env, dossier=serveurs.RACINE)
    if lance.wait(300):
        raise MesureImpossible("La préparation des comptes a échoué.")


def _pids_des_serveurs(dossier: Path) -> dict[str, list[int]]:
    """Les serveurs lancés sous ce dossier se reconnaissent à leur ligne de commande."""
    roles: dict[str, list[int]] = {"base": [], "cache": []}
    for lance in psutil.process_iter(["pid", "name", "cmdline"]):
        commande = " ".join(lance.info["cmdline"] or [])
        if str(dossier) in commande and "postgres" in (lance.info["name"] or ""):
            roles["base"].append(lance.info["pid"])
        elif str(dossier) in commande and "valkey" in (lance.info["name"] or ""):
            roles["cache"].append(lance.info["pid"])
    return roles


def _famille(pids: list[int]) -> list[psutil.Process]:
    membres: dict[int, psutil.Process] = {}
    for pid in pids:
        try:
            chef = psutil.Process(pid)
            membres |= {membre.pid: membre for membre in (chef, *chef.children(recursive=True))}
        except psutil.NoSuchProcess:
            continue
    return list(membres.values())


def _cpu_s(lance: psutil.Process) -> float:
    """Le sien et celui de ses enfants déjà finis."""
    try:
        temps = lance.cpu_times()
    except psutil.Error:
        return 0.0
    return float(temps.user + temps.system + temps.children_user + temps.children_system)


def _pss_mo(lance: psutil.Process) -> float:
    try:
        return float(lance.memory_full_info().pss) / 1024**2
    except psutil.Error:
        return 0.0


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def _repond(adresse: str) -> bool:
    demande = urllib.request.Request(f"{adresse}/pret", headers={"X-Forwarded-Proto": "https"})
    try:
        with urllib.request.urlopen(demande, timeout=2) as reponse:
            return bool(reponse.status == 200)
    except (URLError, OSError):
        return False
