"""Couverture des intervalles de précision sous le hasard : la part des simulations où le vrai est dedans."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bancs.outil import Banc, Mesure, mediane_s
from euromillions.statistiques.historique import (
    ETOILES_TIREES,
    NUMEROS_MAX,
    NUMEROS_TIRES,
    Entiers,
    Reels,
)
from euromillions.statistiques.loi_exacte import Loi, loi_du_total

ESSAIS = 20_000
GRAINE = 20260821
ETOILES_MAX = 12
POIDS_DISCRET = 0.02  # une valeur du total qui pèse plus empêche de viser 95 % au plus juste
TAILLES = {"équilibré": (20,) * 30, "dominé": (1000, *(5,) * 29), "minuscule": (1, 2)}
BASSINS = {"au hasard": (NUMEROS_MAX, ETOILES_MAX), "fréquence": (10, 5), "écart": (15, 5)}


@dataclass(frozen=True)
class Cas:
    """Des générations de ces tailles, une par tirage, prises dans ces premières boules."""

    nom: str
    grilles: tuple[int, ...]
    numeros: int
    etoiles: int


CAS = [
    Cas(f"{taille}, {bassin}", grilles, *boules)
    for taille, grilles in TAILLES.items()
    for bassin, boules in BASSINS.items()
]


def bancs() -> list[Banc]:
    return [Banc("euromillions : couverture des intervalles", _couverture, phases=("embarque",))]


def couvertures(cas: Cas, *, essais: int, graine: int) -> Iterator[tuple[str, float, bool]]:
    """(boules, part des simulations où l'intervalle contient le hasard, loi discrète ?)."""
    alea = np.random.default_rng(graine)
    jeux = (
        ("numéros", cas.numeros, NUMEROS_MAX, NUMEROS_TIRES),
        ("étoiles", cas.etoiles, ETOILES_MAX, ETOILES_TIREES),
    )
    for boules, bassin, reserve, tires in jeux:
        comptes = _comptes(alea, cas.grilles, bassin, reserve, tires)
        loi = loi_du_total(comptes, np.full(len(comptes), reserve), tires)
        bas, haut = loi.bornes()
        totaux = sum(ligne[_choisir(alea, essais, reserve, tires)].sum(axis=1) for ligne in comptes)
        dedans = (totaux >= bas) & (totaux <= haut)
        yield boules, float(dedans.mean()), bool(loi.masses.max() > POIDS_DISCRET)


def _comptes(
    alea: np.random.Generator, grilles: tuple[int, ...], bassin: int, reserve: int, tires: int
) -> Entiers:
    """Grilles portant chaque boule, forme (D, reserve)."""
    choix = [_choisir(alea, nombre, bassin, tires) for nombre in grilles]
    return np.array([np.bincount(boules.ravel(), minlength=reserve) for boules in choix])


def _choisir(alea: np.random.Generator, fois: int, reserve: int, tires: int) -> Entiers:
    """`tires` boules sans remise, `fois` fois."""
    cles: Reels = alea.random((fois, reserve))
    return np.argsort(cles, axis=1)[:, :tires]


def _couverture() -> Iterator[Mesure]:
    for cas in CAS:
        for boules, part, discrete in couvertures(cas, essais=ESSAIS, graine=GRAINE):
            manque = 100 * max(0.0, 0.93 - part, 0.0 if discrete else part - 0.97)
            detail = f"couverture {100 * part:.1f} %, visée 93 à {100 if discrete else 97} %"
            yield Mesure(f"{cas.nom}, {boules} : hors de la cible de", manque, "points", 0, detail)
    yield from _vitesse()


def _vitesse() -> Iterator[Mesure]:
    alea = np.random.default_rng(GRAINE)
    comptes = _comptes(alea, (1000,) * 2000, 10, NUMEROS_MAX, NUMEROS_TIRES)

    def geste() -> Loi:
        return loi_du_total(comptes, np.full(len(comptes), NUMEROS_MAX), NUMEROS_TIRES)

    yield Mesure("loi exacte, 1 000 grilles × 2 000 tirages", mediane_s(geste, fois=3), "s", 5, "10 numéros")
