"""Histoires tirées au sort, pour mesurer la vitesse à grande échelle. Jamais enregistrées ni montrées."""

import numpy as np
from numpy.typing import NDArray

from euromillions.statistiques import Historique

GRAINE = 20260821


def historique_synthetique(nombre: int, *, graine: int = GRAINE) -> Historique:
    """`nombre` tirages, un par jour, urne de 12 étoiles."""
    hasard = np.random.default_rng(graine)
    return Historique(
        jours=np.datetime64("1970-01-01") + np.arange(nombre),
        numeros=_tirer(hasard, nombre, tires=5, reserve=50),
        etoiles=_tirer(hasard, nombre, tires=2, reserve=12),
        reserves=np.full(nombre, 12, dtype=np.int8),
    )


def _tirer(hasard: np.random.Generator, nombre: int, *, tires: int, reserve: int) -> NDArray[np.int8]:
    """Boules sans remise : les lignes qui ont un doublon sont tirées à nouveau."""
    boules = np.sort(hasard.integers(1, reserve + 1, (nombre, tires), dtype=np.int8), axis=1)
    while len(fautives := np.flatnonzero((np.diff(boules, axis=1) == 0).any(axis=1))):
        boules[fautives] = np.sort(
            hasard.integers(1, reserve + 1, (len(fautives), tires), dtype=np.int8), axis=1
        )
    return boules
