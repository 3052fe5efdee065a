"""Mesures de vitesse de l'application, appelées par `manage.py banc_essai`.

Chaque mesure a sa cible ; aucune n'écrit en base.
"""

import statistics
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

from euromillions import lectures
from euromillions.filters import Filtre
from euromillions.statistiques import Historique, complet, rapide

TIRAGES_SYNTHETIQUES = 1_000_000
GRAINE = 20260821
Mesure = tuple[str, float, str]


def bancs() -> list[Mesure]:
    """(nom, secondes médianes, détail et cible) de chaque mesure."""
    filtre = Filtre()
    historique = lectures.charger(filtre)
    numero = lectures.revision()
    lectures.statistiques_rapides(filtre, numero)
    nombre = f"{len(historique)} tirages"
    return [
        mesurer(
            "quick-stats depuis le cache",
            lambda: lectures.statistiques_rapides(filtre, lectures.revision()),
            f"{nombre}, cible 5 ms",
        ),
        mesurer("quick-stats sans cache", lambda: rapide(lectures.charger(filtre)), f"{nombre}, cible 30 ms"),
        mesurer(
            "statistiques complètes sans cache",
            lambda: complet(lectures.charger(filtre)),
            f"{nombre}, cible 150 ms",
        ),
        million_de_tirages(),
    ]


def mesurer(nom: str, appel: Callable[[], Any], detail: str, *, fois: int = 9) -> Mesure:
    durees = []
    for _ in range(fois):
        debut = time.perf_counter()
        appel()
        durees.append(time.perf_counter() - debut)
    return nom, statistics.median(durees), detail


def million_de_tirages() -> Mesure:
    """Statistiques complètes d'une histoire synthétique d'un million de tirages, temps et mémoire."""
    historique = synthetique(TIRAGES_SYNTHETIQUES)
    nom, duree, _ = mesurer("statistiques d'un million de tirages", lambda: complet(historique), "", fois=3)
    neuf = historique.choisir(np.ones(len(historique), dtype=np.bool_))
    tracemalloc.start()
    complet(neuf)
    pointe = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return nom, duree, f"{pointe:.0f} Mio de pointe, cibles 2 s et 400 Mo"


def synthetique(nombre: int) -> Historique:
    """Histoire tirée au sort (graine fixe), un tirage par jour, urne de 12 étoiles."""
    hasard = np.random.default_rng(GRAINE)
    return Historique(
        jours=np.datetime64("1970-01-01") + np.arange(nombre),
        numeros=_tirer(hasard, nombre, tires=5, reserve=50),
        etoiles=_tirer(hasard, nombre, tires=2, reserve=12),
        reserves=np.full(nombre, 12, dtype=np.int8),
    )


def _tirer(hasard: np.random.Generator, nombre: int, *, tires: int, reserve: int) -> Any:
    """Boules sans remise : on retire au sort les lignes qui ont un doublon."""
    boules = np.sort(hasard.integers(1, reserve + 1, (nombre, tires), dtype=np.int8), axis=1)
    while len(fautives := np.flatnonzero((np.diff(boules, axis=1) == 0).any(axis=1))):
        boules[fautives] = np.sort(
            hasard.integers(1, reserve + 1, (len(fautives), tires), dtype=np.int8), axis=1
        )
    return boules
