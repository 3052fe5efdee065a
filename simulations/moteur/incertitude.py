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

from simulations.moteur.arrondis import PAS, PERSONNE
from simulations.moteur.carte import Carte, Flottants
from simulations.moteur.lineaire import ParFlux
from simulations.moteur.parametres import PAR_CENTRE, PAR_POSTE, Parametres
from simulations.moteur.presence import taux, valeurs

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


def tirer_absences(generateur: np.random.Generator, ecart: float, nombre: int) -> Flottants:
    """(nombre,) points d'absence en plus, communs à tout le réseau : loi normale d'écart-type `ecart`."""
    return generateur.standard_normal(nombre) * ecart


def facteurs_de_presence(carte: Carte, parametres: Parametres, absences: Flottants) -> Flottants:
    """(centres × tirages) τ du calcul ÷ τ tiré ; une absence tirée hors de 0 à 100 % y est ramenée."""
    conges, formation, absence = valeurs(carte, parametres)
    tirees = np.clip(absence[:, None] + absences, 0.0, 100.0)
    jours = (conges + formation)[:, None]
    depart = taux(jours, absence[:, None], parametres.jours_ouvres)
    return depart / taux(jours, tirees, parametres.jours_ouvres)


def incertitude(
    carte: Carte,
    ventilees: ParFlux,
    facteurs: Flottants,
    arrondi: str = PAR_POSTE,
    presences: Flottants | None = None,
) -> Incertitude:
    """Intervalles à tous les niveaux. `facteurs` : (flux + 1 × N), les mêmes pour tout le pays.

    `arrondi` : un de ARRONDIS ; `centre` refait le partage à chaque tirage. `presences` : ce que l'absence
    tirée fait des ETP de chaque centre (`facteurs_de_presence`), rien si elle est sûre.
    """
    par_etp = np.column_stack(
        [ventilees.heures / ventilees.capacite[:, None], ventilees.forfait / ventilees.capacite]
    ).astype(np.float32)
    nombre = facteurs.shape[1]
    tirages = np.vstack([facteurs, np.ones((1, nombre))]).astype(np.float32)
    rangs = _rangs_des_quantiles(nombre)
    nb_centres = len(carte.centres.id)
    quantiles, quantiles_ronds = (np.empty((len(par_etp), len(rangs)), dtype=np.float32) for _ in range(2))
    etp_centres = np.zeros((nb_centres, nombre), dtype=np.float32)
    personnes_centres = np.zeros((nb_centres, nombre), dtype=np.float32)
    bornes = _blocs(carte.postes.centre)
    plus_long = max((fin - debut for debut, fin in bornes), default=0)
    etp, arrondis = (np.empty((plus_long, nombre), dtype=np.float32) for _ in range(2))
    arrondir = _Arrondi(carte, ventilees, arrondi)
    for debut, fin in bornes:
        bloc, ronds = etp[: fin - debut], arrondis[: fin - debut]
        # Pas de BLAS : ses fils se disputent les processeurs pour sept colonnes, vingt fois plus lent chargé.
        np.einsum("pf,fn->pn", par_etp[debut:fin], tirages, out=bloc)
        if presences is not None:
            bloc *= presences[carte.postes.centre[debut:fin]].astype(np.float32)
        arrondir.poser(bloc, ronds, debut)
        _cumuler(carte.postes.centre[debut:fin], bloc, ronds, etp_centres, personnes_centres)
        bloc.sort(axis=1)
        quantiles[debut:fin] = bloc[:, rangs]
        if arrondi == PAR_CENTRE:
            ronds.sort(axis=1)
            quantiles_ronds[debut:fin] = ronds[:, rangs]
        else:
            # L'arrondi est croissant : le quantile des arrondis est l'arrondi du quantile.
            arrondir.poser(quantiles[debut:fin], quantiles_ronds[debut:fin], debut)
    _ajouter_les_moi(carte, ventilees, etp_centres, personnes_centres)
    return _conclure(carte, ventilees, (quantiles, quantiles_ronds), etp_centres, personnes_centres)


def _blocs(centre: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Des suites de centres entiers, d'au moins BLOC postes sauf la dernière : un partage y tient."""
    limites = np.flatnonzero(np.r_[True, centre[1:] != centre[:-1]]).tolist() if len(centre) else []
    blocs: list[tuple[int, int]] = []
    debut = 0
    for limite in [*limites[1:], len(centre)]:
        if limite - debut >= BLOC or (limite == len(centre) and limite > debut):
            blocs.append((debut, limite))
            debut = limite
    return blocs


class _Arrondi:
    """Écrit les personnes de chaque tirage d'un bloc de postes ; 0 pour les MOI, ajoutés ensuite."""

    def __init__(self, carte: Carte, ventilees: ParFlux, arrondi: str) -> None:
        self._par_centre = arrondi == PAR_CENTRE
        self._par_personne = np.float32(1.0 if self._par_centre else PERSONNE / PAS[arrondi])
        self._centre, self._mod = carte.postes.centre, ventilees.mod
        self._rang_du_code = carte.traits.rang_du_code

    def poser(self, etp: Simples, ronds: Simples, debut: int) -> None:
        """`etp`, `ronds` : (postes du bloc × tirages) ; `debut` : rang du premier poste du bloc."""
        if self._par_centre:
            self._partager(etp, ronds, debut)
            return
        # Demi vers le haut ; un ETP ≤ 0,1 donne 0 par la même occasion, à la personne comme à la demi.
        np.multiply(etp, self._par_personne, out=ronds)
        np.floor(np.add(ronds, np.float32(0.5), out=ronds), out=ronds)
        np.divide(ronds, self._par_personne, out=ronds)

    def _partager(self, etp: Simples, ronds: Simples, debut: int) -> None:
        """Aux plus forts restes, centre par centre et tirage par tirage."""
        ronds[:] = 0.0
        rangs = np.flatnonzero(self._mod[debut : debut + len(etp)])
        centre = self._centre[debut + rangs]
        for pk in dict.fromkeys(centre.tolist()):
            siens = rangs[centre == pk]
            du_centre = etp[siens].astype(np.float64)
            codes = np.broadcast_to(self._rang_du_code[debut + siens][:, None], du_centre.shape)
            entiers = np.floor(du_centre)
            total = np.floor(du_centre.sum(axis=0) + 0.5)
            ordre = np.lexsort((codes, -du_centre, entiers - du_centre), axis=0)
            places = np.empty_like(ordre)
            np.put_along_axis(places, ordre, np.arange(len(siens))[:, None], axis=0)
            ronds[siens] = entiers + (places < total - entiers.sum(axis=0))


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
    carte: Carte,
    ventilees: ParFlux,
    quantiles: tuple[Simples, Simples],
    etp_centres: Simples,
    personnes_centres: Simples,
) -> Incertitude:
    """`quantiles` : (postes × 4) des ETP, puis des personnes, sans les MOI."""
    etp_postes, ronds = (tires.astype(float) + ventilees.fixe[:, None] for tires in quantiles)
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
