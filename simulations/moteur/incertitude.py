"""Intervalles d'ETP et de personnes quand les volumes sont connus à quelques pour cent près.

Chaque tirage multiplie chaque flux, dans tout le réseau, par un facteur log-normal de moyenne 1 et
d'écart-type égal à la dispersion : un volume reste positif et l'espérance des ETP est la valeur calculée, ce
qu'une loi normale tronquée ne garantit pas. Un même facteur pour tous les centres : l'erreur d'une prévision
de trafic est commune au réseau, elle ne se compense pas d'un centre à l'autre.

Simple précision : 6·10⁻⁸ de la valeur, mille fois moins que l'erreur d'échantillonnage de 1 000 tirages.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulations.moteur.carte import Carte, Flottants
from simulations.moteur.lineaire import ParFlux

QUANTILES = (0.025, 0.10, 0.90, 0.975)  # bornes de 95 %, 80 %, 80 %, 95 %
BLOC = 200  # postes par bloc : le bloc tient dans le cache du processeur
Simples = NDArray[np.float32]


@dataclass(frozen=True)
class Intervalles:
    """(lignes × 4) bornes à 2,5, 10, 90 et 97,5 % ; `etp` en ETP, `personnes` en personnes."""

    etp: Flottants
    personnes: Flottants


@dataclass(frozen=True)
class Incertitude:
    """Intervalles de chaque niveau, dans l'ordre de la carte ; tirages (N,) du total pour les réunir."""

    postes: Intervalles
    centres: Intervalles
    directions: dict[int, Intervalles]
    etp_total: Flottants
    personnes_total: Flottants


def tirer_facteurs(generateur: np.random.Generator, dispersions: Sequence[float], nombre: int) -> Flottants:
    """(flux × nombre) facteurs log-normaux de moyenne 1 ; `dispersions` : écart-type en % par flux.

    La suite aléatoire de chaque flux ne dépend que de son rang : changer la dispersion de l'un laisse
    les autres identiques.
    """
    normaux = generateur.standard_normal((len(dispersions), nombre))
    variance = np.log1p((np.asarray(dispersions, dtype=float) / 100.0) ** 2)[:, None]
    return np.exp(np.sqrt(variance) * normaux - variance / 2)


def incertitude(carte: Carte, ventilees: ParFlux, facteurs: Flottants) -> Incertitude:
    """Intervalles à tous les niveaux. `facteurs` : (flux + 1 × N), les mêmes pour tout le pays."""
    par_etp = np.column_stack(
        [ventilees.heures / ventilees.capacite[:, None], ventilees.forfait / ventilees.capacite]
    ).astype(np.float32)
    nombre = facteurs.shape[1]
    tirages = np.vstack([facteurs, np.ones((1, nombre))]).astype(np.float32)
    rangs = _rangs_des_quantiles(nombre)
    nb_centres = len(carte.centres.id)
    quantiles = np.empty((len(par_etp), len(rangs)), dtype=np.float32)
    etp_centres = np.zeros((nb_centres, nombre), dtype=np.float32)
    personnes_centres = np.zeros((nb_centres, nombre), dtype=np.float32)
    etp, arrondis = (np.empty((BLOC, nombre), dtype=np.float32) for _ in range(2))
    for debut in range(0, len(par_etp), BLOC):
        fin = min(len(par_etp), debut + BLOC)
        bloc, ronds = etp[: fin - debut], arrondis[: fin - debut]
        # Pas de BLAS : ses fils se disputent les processeurs pour sept colonnes, vingt fois plus lent chargé.
        np.einsum("pf,fn->pn", par_etp[debut:fin], tirages, out=bloc)
        # Demi vers le haut ; ETP ≤ 0,1 donne 0 par la même occasion.
        np.floor(np.add(bloc, np.float32(0.5), out=ronds), out=ronds)
        _cumuler(carte.postes.centre[debut:fin], bloc, ronds, etp_centres, personnes_centres)
        bloc.sort(axis=1)
        quantiles[debut:fin] = bloc[:, rangs]
    _ajouter_les_moi(carte, ventilees, etp_centres, personnes_centres)
    return _conclure(carte, ventilees, quantiles, etp_centres, personnes_centres)


def intervalles_du_total(tirages_etp: Flottants, tirages_personnes: Flottants) -> Intervalles:
    """Intervalles d'un total dont les tirages (N,) ont été additionnés."""
    return _trier(tirages_etp[None, :], tirages_personnes[None, :])


def _rangs_des_quantiles(nombre: int) -> list[int]:
    """Rangs des statistiques d'ordre : un quantile est un tirage observé, jamais une interpolation."""
    return [min(nombre - 1, max(0, round(q * (nombre - 1)))) for q in QUANTILES]


def _cumuler(
    centre: NDArray[np.int64],
    etp: Simples,
    personnes: Simples,
    etp_centres: Simples,
    personnes_centres: Simples,
) -> None:
    """Ajoute les postes (groupés par centre) aux tirages de leur centre."""
    debuts = np.flatnonzero(np.r_[True, centre[1:] != centre[:-1]])
    etp_centres[centre[debuts]] += np.add.reduceat(etp, debuts, axis=0)
    personnes_centres[centre[debuts]] += np.add.reduceat(personnes, debuts, axis=0)


def _ajouter_les_moi(
    carte: Carte, ventilees: ParFlux, etp_centres: Simples, personnes_centres: Simples
) -> None:
    presents = np.bincount(carte.postes.centre, weights=ventilees.fixe, minlength=len(carte.centres.id))
    etp_centres += presents[:, None].astype(np.float32)
    personnes_centres += presents[:, None].astype(np.float32)


def _conclure(
    carte: Carte, ventilees: ParFlux, quantiles: Simples, etp_centres: Simples, personnes_centres: Simples
) -> Incertitude:
    etp_postes = quantiles.astype(float) + ventilees.fixe[:, None]
    # L'arrondi est croissant : le quantile des arrondis est l'arrondi du quantile.
    ronds = np.where(ventilees.mod[:, None], np.floor(etp_postes + 0.5), etp_postes)
    directions: dict[int, Intervalles] = {}
    for pk in dict.fromkeys(carte.centres.direction_id.tolist()):
        membres = carte.centres.direction_id == pk
        directions[pk] = _trier(
            etp_centres[membres].sum(axis=0, dtype=float)[None, :],
            personnes_centres[membres].sum(axis=0, dtype=float)[None, :],
        )
    totaux = etp_centres.sum(axis=0, dtype=float), personnes_centres.sum(axis=0, dtype=float)
    return Incertitude(
        postes=Intervalles(etp_postes, ronds),
        centres=_trier(etp_centres, personnes_centres),
        directions=directions,
        etp_total=totaux[0],
        personnes_total=totaux[1],
    )


def _trier(etp: NDArray[np.floating], personnes: NDArray[np.floating]) -> Intervalles:
    rangs = _rangs_des_quantiles(etp.shape[1])
    return Intervalles(
        np.sort(etp, axis=1)[:, rangs].astype(float), np.sort(personnes, axis=1)[:, rangs].astype(float)
    )
