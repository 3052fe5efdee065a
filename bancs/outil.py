"""Ce que partagent les bancs d'essai : une mesure et sa cible, un chronomètre, la mémoire d'un processus.

Une vitesse se mesure ici, jamais dans un test : ces machines sont bruyantes, on cite des médianes.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mesure:
    """Une ligne du banc. `cible` : valeur à ne pas dépasser (même unité), ou None si rien n'est promis.

    `au_moins` : la cible est un plancher, et non un plafond.
    """

    nom: str
    valeur: float
    unite: str
    cible: float | None = None
    detail: str = ""
    au_moins: bool = False

    @property
    def tenue(self) -> bool | None:
        if self.cible is None:
            return None
        return self.valeur >= self.cible if self.au_moins else self.valeur <= self.cible


@dataclass(frozen=True)
class Banc:
    """Un groupe de mesures. `phases` : « embarque » (SQLite, démonstration) ou « national » (PostgreSQL)."""

    nom: str
    mesurer: Callable[[], Iterable[Mesure]]
    phases: tuple[str, ...] = ("embarque", "national")


def mediane_s(geste: Callable[[], Any], *, fois: int = 7, echauffement: int = 1) -> float:
    """Médiane en secondes de `fois` exécutions, après un échauffement non compté."""
    for _ in range(echauffement):
        geste()
    durees = []
    for _ in range(fois):
        debut = time.perf_counter()
        geste()
        durees.append(time.perf_counter() - debut)
    return statistics.median(durees)


@contextmanager
def chrono() -> Iterator[Callable[[], float]]:
    """`with chrono() as duree: …` puis `duree()` en secondes."""
    debut = time.perf_counter()
    fin: list[float] = []
    yield lambda: (fin[0] if fin else time.perf_counter()) - debut
    fin.append(time.perf_counter())


def pic_memoire_mo(pid: int | str = "self") -> float:
    """Pic de mémoire résidente d'un processus, en Mo (0 si le système ne le dit pas)."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as statut:
            for ligne in statut:
                if ligne.startswith("VmHWM:"):
                    return int(ligne.split()[1]) / 1024
    except OSError:
        pass
    return 0.0
