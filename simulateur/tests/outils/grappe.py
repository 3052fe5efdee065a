"""Une vraie grappe `manage.py qcluster` sur la base de test, avec ses pids, son arrêt et sa mise à mort."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
from django.conf import settings
from django.db import connection

from simulateur.exploitation import processus

RACINE = Path(settings.BASE_DIR)
DELAI_S = 120.0  # une machine chargée est lente, pas en panne


def adresse_de_la_base_de_test() -> str:
    """DATABASE_URL de la base de test courante (celle de ce processus xdist)."""
    reglages = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{reglages['NAME']}"
    return f"postgres://{reglages['USER']}:@/{quote(reglages['NAME'])}?host={reglages['OPTIONS']['host']}"


@dataclass
class Grappe:
    """Une grappe lancée par un test. Tout ce qu'elle lance meurt avec elle, ou avec le test."""

    processus: "subprocess.Popen[bytes]"
    journal: Path
    arretee: bool = field(default=False)

    @property
    def pid(self) -> int:
        """Le processus principal, seul à recevoir SIGTERM."""
        return self.processus.pid

    def ouvriers(self) -> list[int]:
        """Pids des ouvriers (ni sentinelle, ni pousseur, ni moniteur)."""
        return [pid for pid, titre in self._titres() if titre.endswith(" idle") or " processing " in titre]

    def ouvriers_au_travail(self) -> list[int]:
        return [pid for pid, titre in self._titres() if " processing " in titre]

    def ouvriers_oisifs(self) -> list[int]:
        return [pid for pid, titre in self._titres() if titre.endswith(" idle")]

    def tous_les_pids(self) -> list[int]:
        return [self.pid, *(pid for pid, _ in self._titres())]

    def _titres(self) -> list[tuple[int, str]]:
        return titres_du_groupe(self.pid)

    def attendre(self, condition: Callable[[], Any], quoi: str, *, delai_s: float = DELAI_S) -> Any:
        """Comme `processus.attendre`, mais dit ce que la grappe a écrit quand le délai passe."""
        try:
            return processus.attendre(condition, delai_s=delai_s, quoi=quoi)
        except TimeoutError as erreur:
            raise AssertionError(f"{erreur}\n--- journal de la grappe ---\n{self.lire_journal()}") from None

    def lire_journal(self) -> str:
        return self.journal.read_text(errors="replace")[-6000:]

    def arreter(self, *, delai_s: float = 60.0) -> bool:
        """Arrêt propre (SIGTERM au principal) ; vrai s'il a suffi."""
        self.arretee = True
        return processus.arreter(self.processus, delai_s=delai_s)

    def tuer(self) -> None:
        """kill -9 de toute la grappe d'un coup, comme une machine qui s'éteint."""
        self.arretee = True
        processus.achever(self.processus)

    def tuer_un(self, pid: int) -> None:
        """kill -9 d'un seul processus de la grappe."""
        if pid not in self.tous_les_pids():
            raise ValueError(f"{pid} n'est pas un processus de cette grappe")
        os.kill(pid, signal.SIGKILL)


def titres_du_groupe(pid_principal: int) -> list[tuple[int, str]]:
    """(pid, titre) des processus que qcluster a lancés, même orphelins."""
    titres = []
    for enfant in _membres_du_groupe(pid_principal):
        try:
            titre = " ".join(enfant.cmdline()).strip()
        except psutil.Error:
            continue
        if titre.startswith("qcluster"):
            titres.append((enfant.pid, titre))
    return titres


def _membres_du_groupe(pid_principal: int) -> Iterator[psutil.Process]:
    """Les processus du groupe, même orphelins : tuer le principal laisse des ouvriers fantômes."""
    for candidat in psutil.process_iter():
        try:
            if candidat.pid != pid_principal and os.getpgid(candidat.pid) == pid_principal:
                yield candidat
        except (ProcessLookupError, PermissionError):
            continue


@contextmanager
def grappe_reelle(dossier: Path, **environnement: str) -> Iterator[Grappe]:
    """Démarre une grappe et attend que ses ouvriers soient là ; l'arrête à la sortie."""
    journal = dossier / f"grappe-{len(list(dossier.glob('grappe-*')))}.log"
    env = {
        **os.environ,
        "DATABASE_URL": adresse_de_la_base_de_test(),
        "NIVEAU_JOURNAL_FILE": "INFO",
        "PYTHONWARNINGS": "default",
        **environnement,
    }
    with journal.open("wb") as sortie:
        lance = processus.lancer(
            [sys.executable, "manage.py", "qcluster"],
            env=env,
            sortie=sortie,
            erreurs=subprocess.STDOUT,
            dossier=RACINE,
        )
    grappe = Grappe(processus=lance, journal=journal)
    voulus = int(env.get("TRAVAUX_OUVRIERS") or settings.TRAVAUX_OUVRIERS)
    try:
        grappe.attendre(lambda: len(grappe.ouvriers()) >= voulus, f"{voulus} ouvriers prêts")
        yield grappe
    finally:
        if not grappe.arretee:
            grappe.arreter()
        processus.achever(lance)
