"""Réunit les fichiers de mesures des processus morts : sans cela, chaque ouvrier recyclé en laisse un.

Leurs valeurs s'ajoutent dans un fichier d'archive par hôte ; la somme lue par `/metrics` ne change pas.
"""

import fcntl
import logging
import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from prometheus_client.mmap_dict import MmapedDict

from simulateur.mesures.reserve import FichierReserve

journal = logging.getLogger(__name__)
INTERVALLE_S = 600.0
AILLEURS_S = 7 * 86400.0  # un fichier d'un autre hôte que plus personne n'écrit : son conteneur est parti
VERROU = "verrou"


@contextmanager
def dossier_tenu(dossier: Path, *, seul: bool) -> Iterator[None]:
    """Partagé pour qui additionne, exclusif pour qui réunit : jamais une valeur comptée deux fois."""
    with (dossier / VERROU).open("a") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX if seul else fcntl.LOCK_SH)
        yield


def identifiant(pid: int | str) -> str:
    """Hôte et pid : deux conteneurs qui partagent le dossier ont les mêmes pids, jamais le même hôte."""
    return f"{socket.gethostname()}-{pid}"


def reunir_les_morts(dossier: Path) -> int:
    """Verse dans l'archive les mesures des processus morts de cet hôte ; rend le nombre de fichiers."""
    forme = re.compile(rf"(counter|histogram)_{re.escape(identifiant(''))}(\d+)\.db")
    morts = [
        (trouve[1], fichier)
        for fichier in sorted(dossier.glob("*.db"))
        if (trouve := forme.fullmatch(fichier.name)) and not psutil.pid_exists(int(trouve[2]))
    ]
    if not morts:
        return 0
    with dossier_tenu(dossier, seul=True):
        for sorte, fichier in morts:
            _verser(fichier, dossier / f"{sorte}_{identifiant('archive')}.db")
            fichier.unlink()
    return len(morts)


def oublier_les_partis(dossier: Path) -> int:
    """Efface les mesures des hôtes partis depuis AILLEURS_S ; rend le nombre de fichiers."""
    d_ici, limite = f"_{identifiant('')}", time.time() - AILLEURS_S
    partis = [
        fichier
        for fichier in dossier.glob("*.db")
        if d_ici not in fichier.name and fichier.stat().st_mtime < limite
    ]
    for fichier in partis:
        fichier.unlink(missing_ok=True)
    return len(partis)


def _verser(fichier: Path, archive: Path) -> None:
    cumul = FichierReserve(str(archive))
    try:
        for cle, valeur, _, _ in MmapedDict.read_all_values_from_file(str(fichier)):
            cumul.write_value(cle, cumul.read_value(cle)[0] + valeur, 0.0)
    finally:
        cumul.close()


@dataclass
class Menage:
    """Appelé à chaque tour d'un superviseur ; n'agit qu'une fois par `intervalle_s`."""

    dossier: Path | None
    intervalle_s: float = INTERVALLE_S
    _prochain: float = 0.0

    def tour(self) -> None:
        if self.dossier is None or time.monotonic() < self._prochain:
            return
        self._prochain = time.monotonic() + self.intervalle_s
        try:
            reunir_les_morts(self.dossier)
            oublier_les_partis(self.dossier)
        except OSError as erreur:
            # Un dossier plein attend la place : rien n'est perdu, et celui qui surveille continue.
            journal.warning("mesures non réunies : %s", erreur)


def dossier_des_mesures() -> Path | None:
    chemin = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return Path(chemin) if chemin else None
