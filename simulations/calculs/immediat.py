"""Simulations immédiates d'un poste, d'un centre, et des trois modes d'un centre ou d'une direction."""

from dataclasses import replace
from typing import Any

import numpy as np

from referentiels.models import Centre, CentrePoste, Direction
from simulateur.web.refus import Refus
from simulations.calculs.demesure import refuser_un_total_demesure
from simulations.calculs.directions import DirectionCalculee, DirectionLue, calculer_directions, oublis
from simulations.calculs.lancement import annee_des_volumes
from simulations.cartes.cache import carte_de_direction
from simulations.cartes.volumes import appliquer_volumes, volumes_de
from simulations.demandes.demande import Demande
from simulations.moteur import MODES, VERSION, Carte, Resultat
from simulations.moteur.calcul import DECISIONS, decider
from simulations.moteur.detail import detailler
from simulations.moteur.mesures import etp


def simuler_centre(centre: Centre, demande: Demande, annee: int | None = None) -> dict[str, Any]:
    """Chaque poste du centre, MOD et MOI, et son total. Lève Refus si le centre est inactif."""
    calculee, commun = _calculer(centre, demande, annee)
    return {
        **commun,
        "kpis": total(calculee.carte, calculee.resultat),
        "postes": _lignes_postes(calculee),
    }


def simuler_poste(tenu: CentrePoste, demande: Demande, annee: int | None = None) -> dict[str, Any]:
    """Le poste et chacune de ses tâches, formule en mots. Lève Refus si le mode le verse à un autre."""
    calculee, commun = _calculer(tenu.centre, demande, annee)
    rangs = np.flatnonzero(calculee.carte.postes.id == tenu.pk)
    if not len(rangs):
        raise Refus("Dans le mode recommandé, ce poste est versé à un autre : simuler le centre.")
    rang = int(rangs[0])
    return {
        **commun,
        **ligne_poste(calculee.carte, calculee.resultat, rang),
        "taches": [
            {**tache._asdict(), "tache_id": tache.id}
            for tache in detailler(calculee.carte, rang, calculee.volumes, demande.parametres)
        ],
    }


def comparer_les_modes(direction: Direction, demande: Demande, annee: int | None = None) -> dict[str, Any]:
    """Les trois modes d'une direction sur les mêmes entrées, avec la différence au mode actuel."""
    calculees, commun = _trois_modes(direction, None, demande, annee)
    return {**commun, "modes": _modes(calculees)}


def comparer_les_modes_du_centre(
    centre: Centre, demande: Demande, annee: int | None = None
) -> dict[str, Any]:
    """Les trois modes d'un centre, et ses postes dans chacun. Lève Refus si le centre est inactif."""
    calculees, commun = _trois_modes(centre.direction, centre, demande, annee)
    modes = _modes(calculees)
    for mode, calculee in zip(modes, calculees, strict=True):
        mode["postes"] = _lignes_postes(calculee)
    return {**commun, "centre_id": centre.pk, "centre_label": centre.nom, "modes": modes}


def _trois_modes(
    direction: Direction, centre: Centre | None, demande: Demande, annee: int | None
) -> tuple[list[DirectionCalculee], dict[str, Any]]:
    lue, annee = _entrees(direction, centre, demande, annee)
    calculees = [calculer_directions([lue], replace(demande.parametres, mode=mode))[0] for mode in MODES]
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
        "report": {**demande.rapport, **oublis([lue])},
    }


def _modes(calculees: list[DirectionCalculee]) -> list[dict[str, Any]]:
    totaux = [total(calculee.carte, calculee.resultat) for calculee in calculees]
    sommes = [int(calculee.resultat.etp_pico.sum()) for calculee in calculees]
    return [
        {
            "mode": mode,
            **kpis,
            "difference_etp": etp(somme - sommes[0]),
            "difference_ecart": round(kpis["ecart"] - totaux[0]["ecart"], 1),
        }
        for mode, kpis, somme in zip(MODES, totaux, sommes, strict=True)
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
    annee = annee or annee_des_volumes(direction)
    volumes = volumes_de(carte, annee)
    appliquer_volumes(carte, volumes, demande.volumes)
    return DirectionLue(direction.pk, origine, carte, volumes), annee


def _lignes_postes(calculee: DirectionCalculee) -> list[dict[str, Any]]:
    rangs = range(len(calculee.carte.postes.id))
    return [ligne_poste(calculee.carte, calculee.resultat, rang) for rang in rangs]


def _calculer(
    centre: Centre, demande: Demande, annee: int | None
) -> tuple[DirectionCalculee, dict[str, Any]]:
    """Le centre calculé, et ce que poste et centre répètent. Lève Refus si les volumes sont démesurés."""
    lue, annee = _entrees(centre.direction, centre, demande, annee)
    calculee = calculer_directions([lue], demande.parametres)[0]
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
        "report": {**demande.rapport, **oublis([lue])},
    }


def total(carte: Carte, resultat: Resultat) -> dict[str, Any]:
    """Totaux exacts de la carte, écrits comme ceux d'une simulation gardée."""
    mod = carte.titres.mod[carte.postes.titre]
    inconnu = bool(resultat.sans_prix.any())
    sommes = (np.array([t.sum()]) for t in (resultat.etp_pico, resultat.actuel, resultat.arrondi))
    decision = decider(*sommes)
    cout = None if inconnu else int(resultat.cout_milliemes.sum()) / 1000
    return {
        "nb_postes": len(carte.postes.id),
        "nb_taches": carte.nb_taches,
        "heures": etp(resultat.heures_pico.sum()),
        "etp_calcule": etp(resultat.etp_pico.sum()),
        "etp_arrondi": int(resultat.arrondi.sum()) / 10,
        "etp_actuel": int(resultat.actuel.sum()) / 10,
        "ecart": int(resultat.ecart.sum()) / 10,
        "etp_mod": etp(resultat.etp_pico[mod].sum()),
        "etp_moi": int(resultat.actuel[~mod].sum()) / 10,
        "decision": DECISIONS[int(decision[0])],
        "cout_mensuel": cout,
        "cout_annuel": None if cout is None else int(resultat.cout_milliemes.sum()) * 12 / 1000,
    }


def ligne_poste(carte: Carte, resultat: Resultat, rang: int) -> dict[str, Any]:
    titre = int(carte.postes.titre[rang])
    connu = bool(resultat.cout_connu[rang])
    return {
        # Un poste que le mode recommandé crée n'a pas de ligne dans le référentiel.
        "centre_poste_id": int(carte.postes.id[rang]) if carte.postes.id[rang] > 0 else None,
        "poste_id": int(carte.titres.id[titre]),
        "poste_label": carte.titres.nom[titre],
        "type": "MOD" if carte.titres.mod[titre] else "MOI",
        "heures": etp(resultat.heures_pico[rang]),
        "etp_calcule": etp(resultat.etp_pico[rang]),
        "etp_arrondi": int(resultat.arrondi[rang]) / 10,
        "etp_actuel": int(resultat.actuel[rang]) / 10,
        "ecart": int(resultat.ecart[rang]) / 10,
        "decision": DECISIONS[int(resultat.decision[rang])],
        "cout_mensuel": int(resultat.cout_milliemes[rang]) / 1000 if connu else None,
        "cout_annuel": int(resultat.cout_milliemes[rang]) * 12 / 1000 if connu else None,
    }
