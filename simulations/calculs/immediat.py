"""Simulations immédiates d'un poste, d'un centre, et des trois modes d'un centre ou d'une direction."""

from dataclasses import replace
from typing import Any

import numpy as np

from referentiels.models import Centre, CentrePoste, Direction
from simulateur.travaux.machine import Refus
from simulations.calculs.execution import (
    Lue,
    Part,
    appliquer_volumes,
    calculer_parts,
    refuser_un_total_demesure,
    sans_volume,
)
from simulations.calculs.lancement import annee_des_volumes
from simulations.cartes.cache import carte_de_direction
from simulations.cartes.compilation import volumes_de
from simulations.demandes.demande import Demande
from simulations.moteur import MODES, VERSION, Carte, Resultat
from simulations.moteur.calcul import DECISIONS
from simulations.moteur.detail import detailler
from simulations.moteur.mesures import Sommes, etp


def simuler_centre(centre: Centre, demande: Demande, annee: int | None = None) -> dict[str, Any]:
    """Chaque poste du centre, MOD et MOI, et son total. Lève Refus si le centre est inactif."""
    part, commun = _calculer(centre, demande, annee)
    carte, resultat = part.carte, part.resultat
    return {
        **commun,
        "kpis": total(carte, resultat),
        "postes": [ligne_poste(carte, resultat, rang) for rang in range(len(carte.postes.id))],
    }


def simuler_poste(tenu: CentrePoste, demande: Demande, annee: int | None = None) -> dict[str, Any]:
    """Le poste et chacune de ses tâches, formule en mots. Lève Refus si le mode le verse à un autre."""
    part, commun = _calculer(tenu.centre, demande, annee)
    rangs = np.flatnonzero(part.carte.postes.id == tenu.pk)
    if not len(rangs):
        raise Refus("Dans le mode recommandé, ce poste est versé à un autre : simuler le centre.")
    rang = int(rangs[0])
    return {
        **commun,
        **ligne_poste(part.carte, part.resultat, rang),
        "taches": [
            {**tache._asdict(), "tache_id": tache.id}
            for tache in detailler(part.carte, rang, part.volumes, demande.parametres)
        ],
    }


def comparer_les_modes(direction: Direction, demande: Demande, annee: int | None = None) -> dict[str, Any]:
    """Les trois modes d'une direction sur les mêmes entrées, avec la différence au mode actuel."""
    parts, commun = _trois_modes(direction, None, demande, annee)
    return {**commun, "modes": _modes(parts)}


def comparer_les_modes_du_centre(
    centre: Centre, demande: Demande, annee: int | None = None
) -> dict[str, Any]:
    """Les trois modes d'un centre, et ses postes dans chacun. Lève Refus si le centre est inactif."""
    parts, commun = _trois_modes(centre.direction, centre, demande, annee)
    modes = _modes(parts)
    for mode, part in zip(modes, parts, strict=True):
        mode["postes"] = [
            ligne_poste(part.carte, part.resultat, rang) for rang in range(len(part.carte.postes.id))
        ]
    return {**commun, "centre_id": centre.pk, "centre_label": centre.nom, "modes": modes}


def _trois_modes(
    direction: Direction, centre: Centre | None, demande: Demande, annee: int | None
) -> tuple[list[Part], dict[str, Any]]:
    lue, annee = _entrees(direction, centre, demande, annee)
    parts = [calculer_parts([lue], replace(demande.parametres, mode=mode))[0] for mode in MODES]
    for part in parts:
        refuser_un_total_demesure([part])
    return parts, {
        "direction_id": direction.pk,
        "direction_label": direction.nom,
        "annee": annee,
        "fictif": (direction.centres if centre is None else Centre.objects.filter(pk=centre.pk))
        .filter(fictif=True)
        .exists(),
        "revision": lue.lue.revision,
        "version_moteur": VERSION,
        "parametres": demande.parametres.en_dict(),
        "report": {**demande.rapport, **sans_volume([lue])},
    }


def _modes(parts: list[Part]) -> list[dict[str, Any]]:
    sommes = [Sommes.du_resultat(part.resultat) for part in parts]
    return [
        {"mode": mode, **total(part.carte, part.resultat), **somme.difference(sommes[0])}
        for mode, part, somme in zip(MODES, parts, sommes, strict=True)
    ]


def _entrees(
    direction: Direction, centre: Centre | None, demande: Demande, annee: int | None
) -> tuple[Lue, int]:
    """La direction, réduite au centre s'il y en a un, et l'année des volumes ; Refus si elle est vide."""
    lue = carte_de_direction(direction.pk)
    carte = lue.carte if centre is None else lue.carte.restreinte([centre.pk])
    if not len(carte.centres.id):
        raison = f"{direction.nom} n'a aucun centre actif" if centre is None else f"{centre.nom} est inactif"
        raise Refus(f"{raison} : rien à dimensionner.")
    annee = annee or annee_des_volumes(direction)
    volumes = volumes_de(carte, annee)
    appliquer_volumes(carte, volumes, demande.volumes)
    return Lue(direction.pk, lue, carte, volumes), annee


def _calculer(centre: Centre, demande: Demande, annee: int | None) -> tuple[Part, dict[str, Any]]:
    """Le centre calculé, et ce que poste et centre répètent. Lève Refus si les volumes sont démesurés."""
    lue, annee = _entrees(centre.direction, centre, demande, annee)
    part = calculer_parts([lue], demande.parametres)[0]
    refuser_un_total_demesure([part])
    return part, {
        "centre_id": centre.pk,
        "centre_label": centre.nom,
        "direction_id": centre.direction_id,
        "annee": annee,
        "mode": demande.parametres.mode,
        "fictif": centre.fictif,
        "revision": lue.lue.revision,
        "version_moteur": VERSION,
        "parametres": demande.parametres.en_dict(),
        "report": {**demande.rapport, **sans_volume([lue])},
    }


def total(carte: Carte, resultat: Resultat) -> dict[str, Any]:
    """Totaux exacts de la carte, écrits comme ceux d'une simulation gardée."""
    mod = carte.titres.mod[carte.postes.titre]
    sommes = Sommes.du_resultat(resultat)
    return {
        "nb_postes": len(carte.postes.id),
        "nb_taches": carte.nb_taches,
        **sommes.en_unites(),
        "etp_mod": etp(resultat.etp_pico[mod].sum()),
        "etp_moi": int(resultat.actuel[~mod].sum()) / 10,
        "decision": sommes.decision,
    }


def ligne_poste(carte: Carte, resultat: Resultat, rang: int) -> dict[str, Any]:
    titre = int(carte.postes.titre[rang])
    return {
        # Un poste que le mode recommandé crée n'a pas de ligne dans le référentiel.
        "centre_poste_id": int(carte.postes.id[rang]) if carte.postes.id[rang] > 0 else None,
        "poste_id": int(carte.titres.id[titre]),
        "poste_label": carte.titres.nom[titre],
        "type": "MOD" if carte.titres.mod[titre] else "MOI",
        **Sommes.du_poste(resultat, rang).en_unites(),
        "decision": DECISIONS[int(resultat.decision[rang])],
    }
