"""Lancer et arrêter un processus sans jamais en laisser derrière soi."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

LIEN = Path(__file__).with_name("lien.py")
PAS_S = 0.02

Sortie = int | IO[Any] | None


def lancer(
    programme: Sequence[str | Path],
    *,
    signal_orphelin: int = signal.SIGTERM,
    utilisateur: str | None = None,
    env: Mapping[str, str] | None = None,
    sortie: Sortie = None,
    erreurs: Sortie = None,
    entree: Sortie = subprocess.DEVNULL,
    dossier: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Lance `programme` dans sa propre session, lié à la vie du fil appelant.

    Sa session le met hors de portée du Ctrl-C du terminal : c'est le parent qui décide de l'arrêt.
    """
    commande = [sys.executable, "-I", "-S", str(LIEN), str(os.getpid()), str(int(signal_orphelin))]
    return subprocess.Popen(
        [*commande, utilisateur or "-", *map(str, programme)],
        env=dict(env) if env is not None else None,
        stdin=entree,
        stdout=sortie,
        stderr=erreurs,
        start_new_session=True,
        cwd=dossier,
    )


def arreter(
    processus: subprocess.Popen[bytes], *, signal_arret: int = signal.SIGTERM, delai_s: float = 10.0
) -> bool:
    """Signal au seul processus principal, attente bornée, puis SIGKILL à son groupe ; vrai si propre.

    Au principal seulement : le même signal à tout le groupe bloque l'arrêt de qcluster.
    """
    propre = True
    if processus.poll() is None:
        processus.send_signal(signal_arret)
        try:
            processus.wait(delai_s)
        except subprocess.TimeoutExpired:
            propre = False
    achever(processus)
    return propre


def achever(processus: subprocess.Popen[bytes]) -> None:
    """SIGKILL à tout le groupe : le principal s'il vit encore, et les enfants qu'il aurait laissés."""
    # Plus personne dans le groupe ; ou, sous macOS, seulement un zombie (PermissionError).
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(processus.pid, signal.SIGKILL)
    processus.wait()


def attendre(condition: Callable[[], Any], *, delai_s: float, quoi: str) -> Any:
    """Rend la première valeur vraie de `condition` ; TimeoutError nommant `quoi` passé le délai."""
    fin = time.monotonic() + delai_s
    while True:
        valeur = condition()
        if valeur:
            return valeur
        if time.monotonic() > fin:
            raise TimeoutError(f"Toujours pas : {quoi}, après {delai_s:.0f} s.")
        time.sleep(PAS_S)
