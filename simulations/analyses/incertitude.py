"""Intervalles quand les volumes sont incertains : mêmes graine et dispersions, mêmes intervalles."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from simulations.analyses.analyse import Analyse, Corps, Donnees, Option, option_entiere, option_nombre
from simulations.analyses.memoire import memoriser, sous_le_total
from simulations.calculs.relecture import PartRelue, flux_de, relire
from simulations.demandes import options
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation
from simulations.moteur import Carte, Resultat
from simulations.moteur import incertitude as incertitudes
from simulations.moteur.carte import Flottants
from simulations.moteur.lineaire import par_flux
from simulations.moteur.mesures import en_personnes, etp
from simulations.moteur.niveaux import etiquettes, lignes

SANS_FLUX = "sans flux"  # nom donné aux produits qui n'en ont pas
LOI = "log-normale de moyenne 1, un facteur par flux commun à tous les centres"


class Bornes(TypedDict):
    """[bas, haut] des ETP et des personnes, pour 80 et 95 % des tirages."""

    etp_80: list[float]
    etp_95: list[float]
    personnes_80: list[float]
    personnes_95: list[float]


def incertitude(
    simulation: Simulation,
    perimetre: Perimetre,
    *,
    graine: int,
    dispersion: float,
    tirages: int,
    absence: float,
    dispersions: Mapping[str, float],
) -> Corps:
    """Intervalles à 80 et 95 % quand les volumes varient de `dispersion` % (écart-type), flux par flux.

    `dispersions` : celles propres à certains flux ; `absence` : écart-type de l'absence, en points, commun à
    tous les centres (sa suite aléatoire est à elle : les volumes tirés n'en dépendent pas).
    """
    propres = {code.upper(): valeur for code, valeur in dispersions.items()}

    def calculer() -> Corps:
        parts = relire(simulation, perimetre)
        codes = sorted({code for part in parts for code in _codes(part)})
        de_chaque = {code: propres.get(code, dispersion) for code in codes}
        facteurs = incertitudes.tirer_facteurs(
            np.random.default_rng(graine), list(de_chaque.values()), tirages
        )
        suite = np.random.default_rng([graine, 1])
        absences = incertitudes.tirer_absences(suite, absence, tirages) if absence else None
        tirees = [
            _tirer(part, facteurs[[codes.index(code) for code in _codes(part)]], absences) for part in parts
        ]
        corps = [ligne for tiree in tirees for ligne in _lignes(tiree, perimetre.niveau)]
        return {
            "niveau": perimetre.niveau,
            "graine": graine,
            "tirages": tirages,
            "dispersions": {code or SANS_FLUX: valeur for code, valeur in de_chaque.items()},
            "loi": LOI,
            "ecart_absence": absence,
            "total": _total(tirees, tirages),
            "lignes": sous_le_total(corps, perimetre),
        }

    propre = ",".join(f"{code}={valeur:g}" for code, valeur in sorted(propres.items()))
    nom = f"incertitude:{perimetre.cle}:{graine}:{dispersion:g}:{tirages}:{absence:g}:{propre}"
    return memoriser([simulation], nom, calculer)


@dataclass(frozen=True)
class _Tiree:
    """Une direction, calculée puis tirée."""

    carte: Carte
    resultat: Resultat
    tire: incertitudes.Incertitude


def _codes(part: PartRelue) -> tuple[str, ...]:
    """Ses flux, et "" pour les produits qui n'en ont pas : les lignes de ses facteurs."""
    return (*part.carte.regles.flux, "")


def _tirer(part: PartRelue, facteurs: Flottants, absences: Flottants | None) -> _Tiree:
    parametres = part.entrees.parametres
    ventilees = par_flux(part.carte, part.entrees.volumes, parametres)
    presences = (
        None if absences is None else incertitudes.facteurs_de_presence(part.carte, parametres, absences)
    )
    tire = incertitudes.incertitude(part.carte, ventilees, facteurs, parametres.arrondi, presences)
    return _Tiree(part.carte, part.resultat, tire)


def _total(tirees: Sequence[_Tiree], tirages: int) -> Corps:
    """Les directions s'additionnent tirage par tirage : leurs volumes varient ensemble."""
    etps, gens = np.zeros(tirages), np.zeros(tirages)
    for tiree in tirees:
        etps += tiree.tire.etp_total
        gens += tiree.tire.personnes_total
    return {
        **_bornes(incertitudes.intervalles_du_total(etps, gens), 0),
        "etp_calcule": etp(sum(int(tiree.resultat.etp_pico.sum()) for tiree in tirees)),
        "etp_arrondi": en_personnes(sum(int(tiree.resultat.arrondi.sum()) for tiree in tirees)),
    }


def _lignes(tiree: _Tiree, niveau: str) -> Iterator[Corps]:
    tire, sommeur = tiree.tire, lignes(tiree.carte, niveau)
    etps, ronds = sommeur.sommer(tiree.resultat.etp_pico), sommeur.sommer(tiree.resultat.arrondi)
    for rang, qui in enumerate(etiquettes(tiree.carte, niveau)):
        if niveau == "direction":
            bornes = _bornes(tire.directions[qui["direction_id"]], 0)
        elif niveau == "national":
            bornes = _bornes(incertitudes.intervalles_du_total(tire.etp_total, tire.personnes_total), 0)
        else:
            bornes = _bornes(tire.centres if niveau == "centre" else tire.postes, rang)
        yield {**qui, **bornes, "etp_calcule": etp(etps[rang]), "etp_arrondi": en_personnes(ronds[rang])}


def _bornes(intervalles: incertitudes.Intervalles, rang: int) -> Bornes:
    bas95, bas80, haut80, haut95 = (float(v) for v in intervalles.etp[rang])
    gens = [round(float(v), 2) for v in intervalles.personnes[rang]]
    return {
        "etp_80": [bas80, haut80],
        "etp_95": [bas95, haut95],
        "personnes_80": [gens[1], gens[2]],
        "personnes_95": [gens[0], gens[3]],
    }


def _dispersions(donnees: Donnees, simulation: Simulation) -> dict[str, float]:
    """Les flux de la simulation ne sont lus que si l'un d'eux est nommé : cela relit ses cartes."""
    nommes = any(nom.startswith(options.DISPERSION) for nom in donnees)
    return options.dispersions(donnees, flux_de(simulation)) if nommes else {}


ANALYSE = Analyse(
    code="incertitude",
    libelle="Incertitude",
    phrase="Intervalles à 80 et 95 % quand les volumes sont incertains",
    calcul=incertitude,
    options=(
        option_entiere("graine", "Graine des tirages (0 à 2³¹ − 1)", defaut=1, minimum=0, maximum=2**31 - 1),
        option_nombre(
            "dispersion", "Écart-type des volumes, en % (0 à 100)", defaut=10.0, minimum=0, maximum=100
        ),
        option_entiere("tirages", "Nombre de tirages (100 à 5 000)", defaut=1000, minimum=100, maximum=5000),
        option_nombre(
            "absence", "Écart-type de l'absence, en points (0 à 20)", defaut=0.0, minimum=0, maximum=20
        ),
        Option(
            f"{options.DISPERSION}{{flux}}",
            float,
            "Le même, propre à un flux : dispersion_co=15",
            _dispersions,
            "dispersions",
        ),
    ),
)
