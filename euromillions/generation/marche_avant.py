"""La marche avant : dérouler l'histoire tirage après tirage ; au tirage i, seuls ceux d'avant i sont lus.

Calcul pur. Le travail de la file qui s'en sert est un backtest (`precision.backtest`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from euromillions.generation.bassins import (
    Bassins,
    Boules,
    Passe,
    bassins,
    classer,
    comptes_recents,
    dernieres_sorties,
    hors_de_l_urne,
)
from euromillions.generation.sort import GrillesTirees, tirer
from euromillions.jeu.regles import HASARD, STRATEGIES
from euromillions.statistiques.historique import ETOILES_TIREES, NUMEROS_MAX, Entiers, Reels
from euromillions.statistiques.precision import ETOILES_NAIVES, NUMEROS_NAIFS, Jugees

PASSE_MIN = 100  # tirages d'histoire avant le premier tirage rejoué
TEMOIN = "control"
SERIES = len(STRATEGIES) + 1  # le témoin compris
DATES_PAR_LOT = 200
REFERENCES = ("hot100", "cold100", "overdue", "fixed_1-2-3-4-5_1-2")

Avancer = Callable[[int, int], None]


@dataclass(frozen=True)
class Terrain:
    """Ce qu'il faut pour juger : l'histoire, l'urne de chaque tirage, les rangs et les gains publiés.

    - `reserves` (N,) : étoiles dans l'urne ; `prix` (N,) : prix d'une grille, en euros ;
    - `rangs` (N, 6, 3) : rang gagné par (numéros, étoiles) trouvés, 0 si rien ;
    - `gains` (N, 21) : gain par rang (€), NaN s'il n'est pas publié.
    """

    passe: Passe
    reserves: Entiers
    prix: Reels
    rangs: Entiers
    gains: Reels


@dataclass(frozen=True)
class Serie:
    """Les grilles d'une stratégie, tirage après tirage, et ce qu'elles ont trouvé (formes (L,))."""

    grilles: GrillesTirees
    numeros_trouves: Entiers
    etoiles_trouvees: Entiers
    jugees: Jugees


def derouler(
    terrain: Terrain, rangs: Entiers, *, par_tirage: int, graine: int, avancer: Avancer
) -> dict[str, Serie]:
    """Une série par stratégie, et le témoin au hasard de même taille ; `avancer(fait, total)` en tirages."""
    total = SERIES * len(rangs)
    series: dict[str, Serie] = {}
    for place, nom in enumerate((*STRATEGIES, TEMOIN)):
        hasard = np.random.Generator(np.random.PCG64(np.random.SeedSequence((graine, place))))
        strategie = HASARD if nom == TEMOIN else nom
        permises = bassins(strategie, terrain.passe, rangs, terrain.reserves[rangs])
        lots = []
        for debut in range(0, len(rangs), DATES_PAR_LOT):
            lots.append(tirer(_extrait(permises, debut, debut + DATES_PAR_LOT), par_tirage, hasard))
            avancer(place * len(rangs) + min(debut + DATES_PAR_LOT, len(rangs)), total)
        grilles = GrillesTirees(
            np.concatenate([lot.numeros for lot in lots]),
            np.concatenate([lot.etoiles for lot in lots]),
            par_tirage,
        )
        series[nom] = juger(terrain, rangs, grilles)
    return series


def references(terrain: Terrain, rangs: Entiers) -> dict[str, Serie]:
    """Quatre grilles sans hasard par tirage : plus sorties, moins sorties, plus absentes, fixe."""
    passe, reserves = terrain.passe, terrain.reserves[rangs]
    recents = [comptes_recents(s, rangs) for s in (passe.sorties_numeros, passe.sorties_etoiles)]
    derniers = [dernieres_sorties(s, rangs) for s in (passe.sorties_numeros, passe.sorties_etoiles)]
    fixe = np.tile(np.array([1, 2, 3, 4, 5], np.int8), (len(rangs), 1))
    paires = (
        (-recents[0], -recents[1]),
        (recents[0], recents[1]),
        (derniers[0], derniers[1]),
    )
    choisies = [
        (
            np.sort(classer(numeros, 5), axis=1),
            np.sort(classer(hors_de_l_urne(etoiles, reserves), ETOILES_TIREES), axis=1),
        )
        for numeros, etoiles in paires
    ]
    choisies.append((fixe, fixe[:, :2]))
    return {
        nom: juger(terrain, rangs, GrillesTirees(numeros, etoiles, 1))
        for nom, (numeros, etoiles) in zip(REFERENCES, choisies, strict=True)
    }


def juger(terrain: Terrain, rangs: Entiers, grilles: GrillesTirees) -> Serie:
    """Confronte chaque grille à son tirage."""
    par_date, dates = grilles.par_date, len(rangs)
    tirages = np.repeat(rangs, par_date)
    numeros = _trouves(terrain.passe.sorties_numeros, tirages, grilles.numeros)
    etoiles = _trouves(terrain.passe.sorties_etoiles, tirages, grilles.etoiles)
    gagnes = terrain.rangs[tirages, numeros, etoiles]
    gains = np.where(gagnes > 0, terrain.gains[tirages, gagnes], 0.0)
    manquants = np.isnan(gains).reshape(dates, par_date).any(axis=1)
    payes = ~manquants & ~np.isnan(terrain.gains[rangs]).all(axis=1) & ~np.isnan(terrain.prix[rangs])
    gains_par_date = np.where(payes, np.nan_to_num(gains).reshape(dates, par_date).sum(axis=1), 0.0)
    compte = Counter(dict(enumerate(np.bincount(gagnes, minlength=1).tolist())))
    naives = (numeros >= NUMEROS_NAIFS) | (etoiles >= ETOILES_NAIVES)
    jugees = Jugees(
        grilles=np.full(dates, par_date),
        comptes_numeros=_comptes(grilles.numeros, par_date, NUMEROS_MAX),
        comptes_etoiles=_comptes(grilles.etoiles, par_date, terrain.passe.etoiles_max),
        trouves_numeros=numeros.reshape(dates, par_date).sum(axis=1),
        trouves_etoiles=etoiles.reshape(dates, par_date).sum(axis=1),
        naives=naives.reshape(dates, par_date).sum(axis=1),
        reserves=terrain.reserves[rangs],
        resultats=np.bincount(numeros * 3 + etoiles, minlength=18).reshape(6, 3),
        rangs=_gagnants(compte),
        mises=float((terrain.prix[rangs] * par_date)[payes].sum()),
        gains=float(gains_par_date.sum()),
        grilles_payees=int(payes.sum()) * par_date,
    )
    return Serie(grilles, numeros, etoiles, jugees)


def par_annee(serie: Serie, annees: Entiers) -> dict[int, float]:
    """Numéros trouvés par grille, année par année (`annees` : une par tirage rejoué)."""
    j = serie.jugees
    return {
        int(an): float(j.trouves_numeros[annees == an].sum() / j.grilles[annees == an].sum())
        for an in np.unique(annees)
    }


def _extrait(permises: Bassins, debut: int, fin: int) -> Bassins:
    return Bassins(
        permises.numeros[debut:fin],
        permises.etoiles[debut:fin],
        permises.reserves[debut:fin],
        None if permises.triplets is None else permises.triplets[debut:fin],
    )


def _trouves(sorties: NDArray[np.bool_], tirages: Entiers, boules: Boules) -> Entiers:
    """Nombre de boules de chaque grille sorties à son tirage."""
    trouves: Entiers = sorties[tirages[:, None], boules.astype(np.int64) - 1].sum(axis=1)
    return trouves


def _comptes(boules: Boules, par_date: int, maximum: int) -> Entiers:
    """Grilles qui portent chaque boule, forme (D, maximum)."""
    dates = len(boules) // par_date
    lignes = np.repeat(np.arange(dates), par_date)[:, None] * maximum
    plats = (lignes + boules.astype(np.int64) - 1).ravel()
    return np.bincount(plats, minlength=dates * maximum).reshape(dates, maximum)


def _gagnants(compte: Mapping[int, int]) -> dict[int, int]:
    return {rang: nombre for rang, nombre in compte.items() if rang and nombre}
