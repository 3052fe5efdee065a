"""Tirer des grilles distinctes dans des bassins, d'une graine qui les redonne à l'identique."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from euromillions.generation.bassins import Bassins, Boules
from euromillions.statistiques.historique import ETOILES_TIREES, NUMEROS_TIRES, Entiers

LOT = 20_000  # grilles tirées d'un coup : borne la mémoire
NUMEROS_DU_TRIPLET = 3
_JAMAIS = 2.0  # au-dessus de toute clé tirée dans [0, 1)


class Impossible(Exception):
    """La stratégie ne peut pas donner autant de grilles distinctes. `str()` est la phrase à montrer."""


@dataclass(frozen=True)
class GrillesTirees:
    """Numéros (L, 5) et étoiles (L, 2) croissants ; la grille l vise la date `l // par_date`."""

    numeros: Boules
    etoiles: Boules
    par_date: int

    def __len__(self) -> int:
        return len(self.numeros)


def nouveau_generateur(graine: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(graine))


def tirer(bassins: Bassins, par_date: int, hasard: np.random.Generator) -> GrillesTirees:
    """`par_date` grilles distinctes pour chaque date. Lève Impossible si les bassins sont trop étroits."""
    if par_date > bassins.capacite:
        raise Impossible(
            f"Cette stratégie ne peut donner que {bassins.capacite} grilles distinctes "
            f"({par_date} demandées) : en demander moins."
        )
    dates = np.repeat(np.arange(len(bassins)), par_date)
    numeros = np.zeros((len(dates), NUMEROS_TIRES), dtype=np.int8)
    etoiles = np.zeros((len(dates), ETOILES_TIREES), dtype=np.int8)
    a_tirer = np.arange(len(dates))
    while len(a_tirer):
        for debut in range(0, len(a_tirer), LOT):
            lignes = a_tirer[debut : debut + LOT]
            numeros[lignes] = _numeros(bassins, dates[lignes], hasard)
            etoiles[lignes] = _sans_remise(
                bassins.etoiles[dates[lignes]],
                ETOILES_TIREES,
                hasard,
                tailles=bassins.reserves[dates[lignes]],
            )
        a_tirer = _repetees(dates, numeros, etoiles)
    return GrillesTirees(numeros, etoiles, par_date)


def codes(numeros: Boules, etoiles: Boules) -> Entiers:
    """Un entier par grille, le même pour deux grilles égales (6 bits par boule)."""
    code = np.zeros(len(numeros), dtype=np.int64)
    for colonne in (*numeros.T, *etoiles.T):
        code = (code << 6) | colonne.astype(np.int64)
    return code


def _repetees(dates: Entiers, numeros: Boules, etoiles: Boules) -> Entiers:
    """Lignes qui répètent une grille déjà tirée pour la même date : la première reste."""
    cles = (dates.astype(np.int64) << 42) | codes(numeros, etoiles)
    gardees = np.unique(cles, return_index=True)[1]
    repetees = np.ones(len(cles), dtype=np.bool_)
    repetees[gardees] = False
    return np.flatnonzero(repetees)


def _numeros(bassins: Bassins, dates: Entiers, hasard: np.random.Generator) -> Boules:
    if bassins.triplets is None:
        return _sans_remise(bassins.numeros[dates], NUMEROS_TIRES, hasard)
    choix = hasard.integers(bassins.triplets.shape[1], size=len(dates))
    triplets = bassins.triplets[dates, choix]
    complement = _sans_remise(
        bassins.numeros[dates], NUMEROS_TIRES - NUMEROS_DU_TRIPLET, hasard, interdits=triplets
    )
    return np.sort(np.concatenate([triplets, complement], axis=1), axis=1)


def _sans_remise(
    permises: Boules,
    nombre: int,
    hasard: np.random.Generator,
    *,
    tailles: Entiers | None = None,
    interdits: Boules | None = None,
) -> Boules:
    """`nombre` boules de chaque ligne, toutes également probables, rangées."""
    cles: NDArray[np.float64] = hasard.random(permises.shape)
    if tailles is not None:
        cles[np.arange(permises.shape[1]) >= tailles[:, None]] = _JAMAIS
    if interdits is not None:
        np.put_along_axis(cles, interdits.astype(np.int64) - 1, _JAMAIS, axis=1)
    choisies = np.argpartition(cles, nombre - 1, axis=1)[:, :nombre]
    return np.sort(np.take_along_axis(permises, choisies, axis=1), axis=1)
