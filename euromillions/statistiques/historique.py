"""La matrice des tirages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

NUMEROS_MAX = 50
NUMEROS_TIRES = 5
ETOILES_TIREES = 2

Entiers = NDArray[np.int64]
Rangs = NDArray[np.int32]
Reels = NDArray[np.float64]


@dataclass(frozen=True)
class Historique:
    """N tirages rangés par date croissante.

    - `jours` : datetime64[D], forme (N,) ;
    - `numeros` : int8, forme (N, 5), chaque ligne croissante, de 1 à 50 ;
    - `etoiles` : int8, forme (N, 2), chaque ligne croissante ;
    - `reserves` : int8, forme (N,), nombre d'étoiles dans l'urne ce jour-là (9, 11 ou 12) ;
    - `etoiles_max` : plus grande étoile à détailler, même si la sélection n'en connaît que 9.
    """

    jours: NDArray[np.datetime64]
    numeros: NDArray[np.int8]
    etoiles: NDArray[np.int8]
    reserves: NDArray[np.int8]
    etoiles_max: int = 12

    def __len__(self) -> int:
        return len(self.jours)

    def choisir(self, masque: NDArray[np.bool_]) -> Historique:
        return Historique(
            self.jours[masque],
            self.numeros[masque],
            self.etoiles[masque],
            self.reserves[masque],
            self.etoiles_max,
        )

    def par_reserve(self) -> Iterator[tuple[int, Historique]]:
        """Chaque réserve d'étoiles présente et ses tirages, de la plus petite à la plus grande."""
        for reserve, nombre in self.effectifs_par_reserve:
            seule = nombre == len(self)
            yield reserve, self if seule else self.choisir(self.reserves == reserve)

    @cached_property
    def effectifs_par_reserve(self) -> tuple[tuple[int, int], ...]:
        """(réserve d'étoiles, nombre de tirages)."""
        effectifs = np.bincount(self.reserves)
        return tuple((int(r), int(effectifs[r])) for r in np.flatnonzero(effectifs))

    @cached_property
    def sorties_numeros(self) -> Sorties:
        return Sorties.depuis(self.numeros, NUMEROS_MAX)

    @cached_property
    def sorties_etoiles(self) -> Sorties:
        return Sorties.depuis(self.etoiles, self.etoiles_max)

    @property
    def premier(self) -> str | None:
        return str(self.jours[0]) if len(self) else None

    @property
    def dernier(self) -> str | None:
        return str(self.jours[-1]) if len(self) else None


@dataclass(frozen=True)
class Sorties:
    """Rangs des tirages où chaque valeur est sortie, valeur après valeur.

    `tirages` (forme (N·k,)) contient d'abord les tirages de la valeur 1, puis ceux de la 2… ;
    ceux de la valeur v sont `tirages[debuts[v-1]:debuts[v]]`, croissants.
    """

    tirages: Rangs
    debuts: Entiers

    @classmethod
    def depuis(cls, boules: NDArray[np.int8], maximum: int) -> Sorties:
        """Un seul tri stable (par base, car les valeurs tiennent sur un octet)."""
        plates = boules.ravel()
        ordre = np.argsort(plates, kind="stable")
        debuts = np.zeros(maximum + 1, dtype=np.int64)
        np.cumsum(np.bincount(plates, minlength=maximum + 1)[1 : maximum + 1], out=debuts[1:])
        ordre //= boules.shape[1]
        return cls(ordre.astype(np.int32), debuts)

    @cached_property
    def comptes(self) -> Entiers:
        """Nombre de sorties de chaque valeur, forme (maximum,)."""
        return np.diff(self.debuts)

    @cached_property
    def derniers(self) -> Entiers:
        """Rang du dernier tirage de chaque valeur, -1 si elle n'est jamais sortie."""
        derniers = np.full(len(self.debuts) - 1, -1, dtype=np.int64)
        sorties = self.comptes > 0
        derniers[sorties] = self.tirages[self.debuts[1:][sorties] - 1]
        return derniers

    @cached_property
    def premiers(self) -> Entiers:
        """Rang du premier tirage de chaque valeur, -1 si elle n'est jamais sortie."""
        premiers = np.full(len(self.debuts) - 1, -1, dtype=np.int64)
        sorties = self.comptes > 0
        premiers[sorties] = self.tirages[self.debuts[:-1][sorties]]
        return premiers

    def de(self, valeur: int) -> Rangs:
        """Rangs des tirages qui contiennent `valeur`."""
        return self.tirages[self.debuts[valeur - 1] : self.debuts[valeur]]
