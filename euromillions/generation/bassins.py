"""Ce que chaque stratégie autorise : les boules parmi lesquelles elle tire, à chaque date demandée.

À égalité de compte ou d'absence, la plus petite boule ; à égalité de triplets, l'ordre lexicographique.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from euromillions.jeu.regles import ECART, FREQUENCE, HASARD, STRATEGIES
from euromillions.statistiques.combinaisons import compter
from euromillions.statistiques.historique import NUMEROS_MAX, Entiers

FENETRE = 100  # tirages regardés par la stratégie de fréquence
NUMEROS_FREQUENTS = 10
NUMEROS_ABSENTS = 15
ETOILES_RETENUES = 5
TRIPLETS_RETENUS = 10

Boules = NDArray[np.int8]


@dataclass(frozen=True)
class Passe:
    """Tous les tirages connus, du plus ancien au plus récent : numéros (N, 5) et étoiles (N, 2)."""

    numeros: Boules
    etoiles: Boules
    etoiles_max: int = 12

    def __len__(self) -> int:
        return len(self.numeros)

    @cached_property
    def sorties_numeros(self) -> NDArray[np.bool_]:
        """Forme (N, 50) : la boule v est-elle sortie au tirage i."""
        return _sorties(self.numeros, NUMEROS_MAX)

    @cached_property
    def sorties_etoiles(self) -> NDArray[np.bool_]:
        return _sorties(self.etoiles, self.etoiles_max)


@dataclass(frozen=True)
class Bassins:
    """Pour D dates : boules permises, et triplets imposés s'il y en a.

    - `numeros` : (D, k), on en tire 5 (ou 2 hors du triplet choisi) ;
    - `etoiles` : (D, m), dont seules les `reserves` premières comptent ; on en tire 2 ;
    - `triplets` : (D, 10, 3) ou None : l'un d'eux est imposé à chaque grille.
    """

    numeros: Boules
    etoiles: Boules
    reserves: Entiers
    triplets: Boules | None = None

    def __len__(self) -> int:
        return len(self.numeros)

    @property
    def capacite(self) -> int:
        """Nombre de grilles distinctes possibles à la date la moins riche (minorant avec triplets)."""
        numeros = comb(self.numeros.shape[1], 5)
        if self.triplets is not None:
            numeros = comb(self.numeros.shape[1] - 3, 2)
        return numeros * comb(int(self.reserves.min()), 2)


def bassins(strategie: str, passe: Passe, rangs: Entiers, reserves: Entiers) -> Bassins:
    """Bassins aux tirages de rang `rangs` (de 1 à N compris) ; `reserves` : étoiles dans l'urne ce jour-là.

    ValueError si la stratégie est inconnue ou si un rang n'a aucun passé.
    """
    if strategie not in STRATEGIES:
        raise ValueError(f"Stratégie inconnue : {strategie}.")
    if len(rangs) and (rangs.min() < 1 or rangs.max() > len(passe)):
        raise ValueError("Un tirage sans passé ne peut pas être préparé.")
    if strategie == FREQUENCE:
        return Bassins(
            _frequents(passe.sorties_numeros, rangs, NUMEROS_FREQUENTS),
            _frequents(passe.sorties_etoiles, rangs, ETOILES_RETENUES, reserves=reserves),
            np.minimum(reserves, ETOILES_RETENUES),
        )
    if strategie == ECART:
        return Bassins(
            _absents(passe.sorties_numeros, rangs, NUMEROS_ABSENTS),
            _absents(passe.sorties_etoiles, rangs, ETOILES_RETENUES, reserves=reserves),
            np.minimum(reserves, ETOILES_RETENUES),
        )
    toutes = _toutes(len(rangs), NUMEROS_MAX), _toutes(len(rangs), int(reserves.max(initial=2)))
    if strategie == HASARD:
        return Bassins(*toutes, reserves)
    return Bassins(*toutes, reserves, triplets_frequents(passe.numeros, rangs))


def comptes_recents(sorties: NDArray[np.bool_], rangs: Entiers, fenetre: int = FENETRE) -> Entiers:
    """Sorties de chaque boule dans les `fenetre` tirages qui précèdent chaque rang, forme (D, boules)."""
    cumul = np.zeros((len(sorties) + 1, sorties.shape[1]), dtype=np.int64)
    np.cumsum(sorties, axis=0, out=cumul[1:])
    return cumul[rangs] - cumul[np.maximum(rangs - fenetre, 0)]


def dernieres_sorties(sorties: NDArray[np.bool_], rangs: Entiers) -> Entiers:
    """Rang de la dernière sortie de chaque boule avant chaque rang, -1 si jamais, forme (D, boules)."""
    vus = np.where(sorties, np.arange(len(sorties))[:, None], -1)
    return np.maximum.accumulate(vus, axis=0)[rangs - 1]


def classer(cles: Entiers, nombre: int) -> Boules:
    """Les `nombre` boules aux plus petites clés de chaque ligne ; à égalité, la plus petite boule."""
    ordre = np.argsort(cles, axis=1, kind="stable")[:, :nombre] + 1
    return ordre.astype(np.int8)


def hors_de_l_urne(cles: Entiers, reserves: Entiers | None) -> Entiers:
    """Repousse en fin de classement les boules que l'urne n'a pas à cette date."""
    if reserves is None:
        return cles
    absentes = np.arange(1, cles.shape[1] + 1) > reserves[:, None]
    return np.where(absentes, np.iinfo(np.int64).max, cles)


def triplets_frequents(numeros: Boules, rangs: Entiers) -> Boules:
    """Les dix triplets les plus sortis avant chaque rang, forme (D, 10, 3) : un seul tirage en donne dix."""
    meilleurs = np.zeros((len(rangs), TRIPLETS_RETENUS), dtype=np.int64)
    if len(rangs) == 1:
        cles = _cles(compter(numeros[: rangs[0]], 3, NUMEROS_MAX))
        meilleurs[0] = np.argpartition(-cles, TRIPLETS_RETENUS)[:TRIPLETS_RETENUS]
        meilleurs[0] = meilleurs[0][np.argsort(-cles[meilleurs[0]])]
    else:
        _suivre_les_triplets(numeros, rangs, meilleurs)
    return _table_des_triplets()[meilleurs]


def _suivre_les_triplets(numeros: Boules, rangs: Entiers, meilleurs: Entiers) -> None:
    """Tirage après tirage : seuls les dix triplets qui viennent de sortir peuvent entrer dans la tête."""
    sortis = _rangs_des_triplets(numeros)
    cles = _cles(np.zeros(comb(NUMEROS_MAX, 3), dtype=np.int64))
    tete = np.arange(TRIPLETS_RETENUS)
    demandes: dict[int, list[int]] = {}
    for place, rang in enumerate(rangs.tolist()):
        demandes.setdefault(rang, []).append(place)
    for rang in range(1, int(rangs.max(initial=0)) + 1):
        neufs = sortis[rang - 1]
        cles[neufs] += len(cles)
        candidats = np.concatenate([tete, neufs[~np.isin(neufs, tete)]])
        tete = candidats[np.argsort(-cles[candidats])[:TRIPLETS_RETENUS]]
        for place in demandes.get(rang, ()):
            meilleurs[place] = tete


def _cles(comptes: Entiers) -> Entiers:
    """Une clé par triplet : le compte d'abord, puis l'ordre lexicographique."""
    return comptes * len(comptes) + np.arange(len(comptes))[::-1]


def _rangs_des_triplets(numeros: Boules) -> Entiers:
    """Rang lexicographique des dix triplets de chaque tirage, forme (N, 10)."""
    poids = np.array([[comb(NUMEROS_MAX - n, 3 - place) for n in range(51)] for place in range(3)])
    colonnes = list(combinations(range(5), 3))
    miroirs = [sum(poids[place][numeros[:, c]] for place, c in enumerate(choix)) for choix in colonnes]
    return comb(NUMEROS_MAX, 3) - 1 - np.stack(miroirs, axis=1)


@lru_cache(maxsize=1)
def _table_des_triplets() -> Boules:
    return np.array(list(combinations(range(1, NUMEROS_MAX + 1), 3)), dtype=np.int8)


def _frequents(
    sorties: NDArray[np.bool_], rangs: Entiers, nombre: int, *, reserves: Entiers | None = None
) -> Boules:
    return classer(hors_de_l_urne(-comptes_recents(sorties, rangs), reserves), nombre)


def _absents(
    sorties: NDArray[np.bool_], rangs: Entiers, nombre: int, *, reserves: Entiers | None = None
) -> Boules:
    return classer(hors_de_l_urne(dernieres_sorties(sorties, rangs), reserves), nombre)


def _toutes(dates: int, maximum: int) -> Boules:
    return np.broadcast_to(np.arange(1, maximum + 1, dtype=np.int8), (dates, maximum))


def _sorties(boules: Boules, maximum: int) -> NDArray[np.bool_]:
    sorties = np.zeros((len(boules), maximum), dtype=np.bool_)
    np.put_along_axis(sorties, boules.astype(np.int64) - 1, True, axis=1)
    return sorties
