"""Le superviseur : lance des services, relance ceux qui tombent, les arrête tous, ne laisse rien derrière."""

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from simulateur.services import processus

journal = logging.getLogger(__name__)

PAS_S = 0.25
VIE_COURTE_S = 10.0  # mort avant : le service ne tient pas debout
CHUTES_MAX = 5
SIGNAUX_D_ARRET = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# La glibc rend au noyau chaque tableau de plus de 128 Kio, puis le redemande page à page : un calcul sur le
# pays y passe le tiers de son temps. Le Dockerfile pose les mêmes valeurs (octets).
MEMOIRE = {"MALLOC_TRIM_THRESHOLD_": "134217728", "MALLOC_MMAP_THRESHOLD_": "33554432"}


class ArretDemande(BaseException):
    """Ctrl-C ou SIGTERM reçu. BaseException : aucun `except Exception` ne doit l'avaler."""


class ServiceInstable(Exception):
    """Un service est tombé trop de fois de suite. `str()` dit lequel et où lire pourquoi."""


@dataclass(frozen=True)
class Service:
    """Un programme à tenir en vie. `arret_s` : secondes laissées à un arrêt propre avant SIGKILL."""

    nom: str
    programme: Sequence[str]
    arret_s: float = 15.0


@dataclass
class _Suivi:
    service: Service
    processus: "subprocess.Popen[bytes]"
    demarre_a: float
    chutes: int = 0
    relance_a: float = 0.0


@dataclass
class Superviseur:
    """Tient des services en vie dans `env`, journaux dans `dossier_journaux` (ou sur le terminal)."""

    env: Mapping[str, str]
    dossier: Path
    dossier_journaux: Path | None = None
    _suivis: dict[str, _Suivi] = field(default_factory=dict)

    def lancer(self, service: Service) -> None:
        self._suivis[service.nom] = _Suivi(service, self._demarrer(service), time.monotonic())

    def executer(self, programme: Sequence[str]) -> int:
        """Une commande au premier plan, sur notre terminal ; rend son code de sortie."""
        lance = processus.lancer(programme, env=self.env, dossier=self.dossier)
        try:
            return lance.wait()
        finally:
            processus.achever(lance)

    def pid(self, nom: str) -> int:
        return self._suivis[nom].processus.pid

    def redemarrer(self, nom: str, *, raison: str, delai_s: float = 5.0) -> None:
        suivi = self._suivis[nom]
        journal.warning("%s redémarré : %s", nom, raison)
        processus.arreter(suivi.processus, delai_s=delai_s)
        suivi.processus, suivi.demarre_a = self._demarrer(suivi.service), time.monotonic()

    def surveiller(self) -> None:
        """Un tour : relance ce qui est tombé, de plus en plus tard ; ServiceInstable à la cinquième chute."""
        maintenant = time.monotonic()
        for suivi in self._suivis.values():
            code = suivi.processus.poll()
            if code is None:
                continue
            if not suivi.relance_a:
                # Ses enfants lui survivent peut-être : des ouvriers fantômes continueraient à travailler.
                processus.achever(suivi.processus)
                self._noter_la_chute(suivi, code, maintenant)
            if maintenant >= suivi.relance_a:
                suivi.processus, suivi.demarre_a, suivi.relance_a = (
                    self._demarrer(suivi.service),
                    maintenant,
                    0.0,
                )

    def tenir(self, a_chaque_tour: Callable[[], None] = lambda: None) -> None:
        """Surveille jusqu'à l'arrêt demandé (ArretDemande, levée par le signal)."""
        while True:
            self.surveiller()
            a_chaque_tour()
            time.sleep(PAS_S)

    def arreter(self) -> None:
        """Tous en même temps, le principal de chacun d'abord, puis SIGKILL aux groupes qui restent."""
        fils = [
            threading.Thread(
                target=processus.arreter,
                args=(suivi.processus,),
                kwargs={"delai_s": suivi.service.arret_s},
            )
            for suivi in self._suivis.values()
        ]
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join()
        self._suivis.clear()

    def journal_de(self, nom: str) -> Path | None:
        return self.dossier_journaux / f"{nom}.log" if self.dossier_journaux else None

    def _demarrer(self, service: Service) -> "subprocess.Popen[bytes]":
        chemin = self.journal_de(service.nom)
        if chemin is None:
            return processus.lancer(service.programme, env=self.env, dossier=self.dossier)
        chemin.parent.mkdir(parents=True, exist_ok=True)
        with chemin.open("ab") as sortie:
            return self._avec_journal(service, sortie)

    def _avec_journal(self, service: Service, sortie: IO[bytes]) -> "subprocess.Popen[bytes]":
        return processus.lancer(
            service.programme, env=self.env, dossier=self.dossier, sortie=sortie, erreurs=subprocess.STDOUT
        )

    def _noter_la_chute(self, suivi: _Suivi, code: int, maintenant: float) -> None:
        courte = maintenant - suivi.demarre_a < VIE_COURTE_S
        suivi.chutes = suivi.chutes + 1 if courte else 1
        if suivi.chutes >= CHUTES_MAX:
            chemin = self.journal_de(suivi.service.nom)
            ou = f" ; lire {chemin}" if chemin else ""
            raise ServiceInstable(
                f"{suivi.service.nom} est tombé {suivi.chutes} fois de suite (code {code}){ou}."
            )
        attente = PAS_S * 2**suivi.chutes
        suivi.relance_a = maintenant + attente
        journal.warning("%s est tombé (code %s), relancé dans %.1f s", suivi.service.nom, code, attente)


@contextmanager
def ecoute_des_signaux() -> Iterator[None]:
    """Le premier SIGINT, SIGTERM ou SIGHUP lève ArretDemande ; les suivants laissent l'arrêt se finir."""

    def demander_l_arret(*_: Any) -> None:
        for numero in SIGNAUX_D_ARRET:
            signal.signal(numero, signal.SIG_IGN)
        raise ArretDemande

    anciens = {numero: signal.signal(numero, demander_l_arret) for numero in SIGNAUX_D_ARRET}
    try:
        yield
    finally:
        for numero, ancien in anciens.items():
            signal.signal(numero, ancien)


def environnement_des_enfants(**ajouts: str) -> dict[str, str]:
    return {**MEMOIRE, **os.environ, "PYTHONUNBUFFERED": "1", **ajouts}
