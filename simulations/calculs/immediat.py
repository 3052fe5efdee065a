"""Simulations immédiates d'un poste, d'un centre, et des trois modes d'un centre ou d'une direction."""

from dataclasses import replace
from typing import Any, NotRequired, TypedDict

import numpy as np

from referentiels.lectures.annees import annees_des_volumes
from referentiels.models import Centre, CentrePoste, Direction
from simulateur.web.refus import Refus
from simulations.calculs.demesure import refuser_un_total_demesure
from simulations.calculs.directions import (
    DirectionCalculee,
    DirectionLue,
    calculer_directions,
    constats,
    refuser_les_heures_negatives,
)
from simulations.cartes.cache import carte_de_direction
from simulations.cartes.volumes import appliquer_volumes, volumes_de_direction
from simulations.demandes import coherence
from simulations.demandes.demande import Demande
from simulations.models.contenus import Rapport
from simulations.moteur import MODES, VERSION, Carte, Resultat
from simulations.moteur.calcul import DECISIONS
from simulations.moteur.detail import detailler, formule_etp
from simulations.moteur.mesures import Difference, Jugement, MesuresEnUnites, Sommes, en_personnes, etp


class LigneImmediate(MesuresEnUnites, Jugement):
    """Un poste d'un centre. `poste_id` est son titre (`Poste`), `centre_poste_id` ce poste-ci."""

    centre_poste_id: int | None
    poste_id: int
    poste_label: str
    type: str


class TotalImmediat(MesuresEnUnites, Jugement):
    """Tous les postes d'un centre ou d'une direction."""

    nb_postes: int
    nb_taches: int
    etp_mod: float
    etp_moi: float


class ModeCompare(TotalImmediat, Difference):
    """Un mode, ses différences au mode actuel, et ses postes quand on regarde un centre."""

    mode: str
    postes: NotRequired[list[LigneImmediate]]


class Origine(TypedDict):
    """De quoi viennent les chiffres : volumes de l'année, paramètres, versions, rapport de la demande."""

    direction_id: int
    annee: int
    fictif: bool
    revision: int
    version_moteur: str
    parametres: dict[str, Any]
    report: Rapport


class OrigineDuCentre(Origine):
    centre_id: int
    centre_label: str
    mode: str


class CentreSimule(OrigineDuCentre):
    kpis: TotalImmediat
    postes: list[LigneImmediate]


class PosteSimule(OrigineDuCentre, LigneImmediate):
    formule_etp: str
    taches: list[dict[str, Any]]


class OrigineDesModes(Origine):
    direction_label: str


class ModesCompares(OrigineDesModes):
    """Les identifiants de centre n'y sont que pour un centre."""

    modes: list[ModeCompare]
    centre_id: NotRequired[int]
    centre_label: NotRequired[str]


def simuler_centre(centre: Centre, demande: Demande, annee: int | None = None) -> CentreSimule:
    """Chaque poste du centre, MOD et MOI, et son total. Lève Refus si le centre est inactif."""
    calculee, commun = _calculer(centre, demande, annee)
    return {
        **commun,
        "kpis": total(calculee.carte, calculee.resultat),
        "postes": _lignes_postes(calculee),
    }


def simuler_poste(tenu: CentrePoste, demande: Demande, annee: int | None = None) -> PosteSimule:
    """Le poste et chacune de ses tâches, formule en mots. Lève Refus si le mode le verse à un autre."""
    calculee, commun = _calculer(tenu.centre, demande, annee)
    rangs = np.flatnonzero(calculee.carte.postes.id == tenu.pk)
    if not len(rangs):
        raise Refus("Dans le mode recommandé, ce poste est versé à un autre : simuler le centre.")
    rang = int(rangs[0])
    return {
        **commun,
        **ligne_poste(calculee.carte, calculee.resultat, rang),
        "formule_etp": formule_etp(
            calculee.carte, rang, int(calculee.resultat.heures_pico[rang]), demande.parametres
        ),
        "taches": [
            {**tache._asdict(), "tache_id": tache.id}
            for tache in detailler(calculee.carte, rang, calculee.volumes, demande.parametres)
        ],
    }


def comparer_les_modes(direction: Direction, demande: Demande, annee: int | None = None) -> ModesCompares:
    """Les trois modes d'une direction sur les mêmes entrées, avec la différence au mode actuel."""
    calculees, commun = _trois_modes(direction, None, demande, annee)
    return {**commun, "modes": _modes(calculees)}


def comparer_les_modes_du_centre(centre: Centre, demande: Demande, annee: int | None = None) -> ModesCompares:
    """Les trois modes d'un centre, et ses postes dans chacun. Lève Refus si le centre est inactif."""
    calculees, commun = _trois_modes(centre.direction, centre, demande, annee)
    modes = _modes(calculees)
    for mode, calculee in zip(modes, calculees, strict=True):
        mode["postes"] = _lignes_postes(calculee)
    return {**commun, "centre_id": centre.pk, "centre_label": centre.nom, "modes": modes}


def _trois_modes(
    direction: Direction, centre: Centre | None, demande: Demande, annee: int | None
) -> tuple[list[DirectionCalculee], OrigineDesModes]:
    lue, annee = _entrees(direction, centre, demande, annee)
    calculees = [calculer_directions([lue], replace(demande.parametres, mode=mode))[0] for mode in MODES]
    refuser_les_heures_negatives(calculees)
    for calculee in calculees:
        refuser_un_total_demesure([calculee.resultat])
    return calculees, {
        "direction_id": direction.pk,
        "direction_label": direction.nom,
        "annee": annee,
        "fictif": (direction.centres if centre is None else Centre.objects.filter(pk=centre.pk))
        .filter(fictif=True)
        .exists(),
        "revision": lue.origine.revision,
        "version_moteur": VERSION,
        "parametres": demande.parametres.en_dict(),
        "report": {**demande.rapport, **constats([lue], annee)},
    }


def _modes(calculees: list[DirectionCalculee]) -> list[ModeCompare]:
    sommes = [Sommes.du_resultat(calculee.resultat) for calculee in calculees]
    return [
        {"mode": mode, **total(calculee.carte, calculee.resultat), **somme.difference(sommes[0])}
        for mode, calculee, somme in zip(MODES, calculees, sommes, strict=True)
    ]


def _entrees(
    direction: Direction, centre: Centre | None, demande: Demande, annee: int | None
) -> tuple[DirectionLue, int]:
    """La direction, réduite au centre s'il y en a un, et l'année des volumes ; Refus si elle est vide."""
    origine = carte_de_direction(direction.pk)
    carte = origine.carte if centre is None else origine.carte.restreinte([centre.pk])
    if not len(carte.centres.id):
        raison = f"{direction.nom} n'a aucun centre actif" if centre is None else f"{centre.nom} est inactif"
        raise Refus(f"{raison} : rien à dimensionner.")
    vises = Centre.objects.filter(pk__in=carte.centres.id.tolist())
    coherence.verifier(demande.parametres, vises)
    annee = annee or annees_des_volumes().par_defaut
    volumes = volumes_de_direction(origine, carte, annee)
    appliquer_volumes(carte, volumes, demande.volumes)
    return DirectionLue(direction.pk, origine, carte, volumes), annee


def _lignes_postes(calculee: DirectionCalculee) -> list[LigneImmediate]:
    rangs = range(len(calculee.carte.postes.id))
    return [ligne_poste(calculee.carte, calculee.resultat, rang) for rang in rangs]


def _calculer(
    centre: Centre, demande: Demande, annee: int | None
) -> tuple[DirectionCalculee, OrigineDuCentre]:
    """Le centre calculé, et ce que poste et centre répètent. Lève Refus si les volumes sont démesurés."""
    lue, annee = _entrees(centre.direction, centre, demande, annee)
    calculee = calculer_directions([lue], demande.parametres)[0]
    refuser_les_heures_negatives([calculee])
    refuser_un_total_demesure([calculee.resultat])
    return calculee, {
        "centre_id": centre.pk,
        "centre_label": centre.nom,
        "direction_id": centre.direction_id,
        "annee": annee,
        "mode": demande.parametres.mode,
        "fictif": centre.fictif,
        "revision": lue.origine.revision,
        "version_moteur": VERSION,
        "parametres": demande.parametres.en_dict(),
        "report": {**demande.rapport, **constats([lue], annee)},
    }


def total(carte: Carte, resultat: Resultat) -> TotalImmediat:
    """Totaux exacts de la carte, écrits comme ceux d'une simulation gardée."""
    mod = carte.titres.mod[carte.postes.titre]
    sommes = Sommes.du_resultat(resultat)
    return {
        "nb_postes": len(carte.postes.id),
        "nb_taches": carte.nb_taches,
        **sommes.en_unites(),
        "etp_mod": etp(resultat.etp_pico[mod].sum()),
        "etp_moi": en_personnes(resultat.actuel[~mod].sum()),
        **sommes.jugees(carte.regles.seuils),
    }


def ligne_poste(carte: Carte, resultat: Resultat, rang: int) -> LigneImmediate:
    titre = int(carte.postes.titre[rang])
    sommes = Sommes.du_poste(resultat, rang)
    return {
        # Un poste que le mode recommandé crée n'a pas de ligne dans le référentiel.
        "centre_poste_id": int(carte.postes.id[rang]) if carte.postes.id[rang] > 0 else None,
        "poste_id": int(carte.titres.id[titre]),
        "poste_label": carte.titres.nom[titre],
        "type": "MOD" if carte.titres.mod[titre] else "MOI",
        **sommes.en_unites(),
        **sommes.avec_la_decision(DECISIONS[int(resultat.decision[rang])]),
    }
