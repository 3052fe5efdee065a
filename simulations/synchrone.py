"""Simulations immédiates : un poste, un centre, ou les trois modes d'une direction. Rien n'est gardé."""

from typing import Any

import numpy as np

from referentiels.models import Centre, CentrePoste, Direction
from simulateur.machine import Refus
from simulations.analyses import modes_compares
from simulations.cartes import carte_de_direction
from simulations.compilation import volumes_de
from simulations.execution import appliquer_volumes
from simulations.lancement import annee_des_volumes
from simulations.moteur import MODES, VERSION, Carte, Resultat, appliquer_mode, calculer
from simulations.moteur.calcul import DECISIONS, decider
from simulations.moteur.carte import Flottants
from simulations.moteur.detail import detailler
from simulations.parts import etp
from simulations.saisie import Demande


def simuler_centre(centre: Centre, demande: Demande, annee: int | None = None) -> dict[str, Any]:
    """Chaque poste du centre, MOD et MOI, et son total. Lève Refus si le centre est inactif."""
    carte, volumes, commun = _preparer(centre, demande, annee)
    du_mode = appliquer_mode(carte, demande.parametres.mode)
    resultat = calculer(du_mode, volumes, demande.parametres)
    return {
        **commun,
        "kpis": total(du_mode, resultat),
        "postes": [ligne_poste(du_mode, resultat, rang) for rang in range(len(du_mode.postes.id))],
    }


def simuler_poste(tenu: CentrePoste, demande: Demande, annee: int | None = None) -> dict[str, Any]:
    """Le poste et chacune de ses tâches, formule en mots. Lève Refus si le mode le verse à un autre."""
    carte, volumes, commun = _preparer(tenu.centre, demande, annee)
    du_mode = appliquer_mode(carte, demande.parametres.mode)
    rangs = np.flatnonzero(du_mode.postes.id == tenu.pk)
    if not len(rangs):
        raise Refus("Dans le mode recommandé, ce poste est versé à un autre : simuler le centre.")
    rang = int(rangs[0])
    resultat = calculer(du_mode, volumes, demande.parametres)
    return {
        **commun,
        **ligne_poste(du_mode, resultat, rang),
        "taches": [
            {**tache._asdict(), "tache_id": tache.id}
            for tache in detailler(du_mode, rang, volumes, demande.parametres)
        ],
    }


def comparer_les_modes(direction: Direction, demande: Demande, annee: int | None = None) -> dict[str, Any]:
    """Les trois modes d'une direction sur les mêmes entrées, avec la différence au mode actuel."""
    lue = carte_de_direction(direction.pk)
    if not len(lue.carte.centres.id):
        raise Refus(f"{direction.nom} n'a aucun centre actif : rien à dimensionner.")
    annee = annee or annee_des_volumes(direction)
    volumes = volumes_de(lue.carte, annee)
    appliquer_volumes(lue.carte, volumes, demande.volumes)
    paires = modes_compares(lue.carte, volumes, demande.parametres)
    totaux = [total(carte, resultat) for carte, resultat in paires]
    return {
        "direction_id": direction.pk,
        "direction_label": direction.nom,
        "annee": annee,
        "revision": lue.revision,
        "version_moteur": VERSION,
        "modes": [
            {
                "mode": mode,
                **kpis,
                "difference_etp": etp(int(paires[rang][1].etp_pico.sum()) - int(paires[0][1].etp_pico.sum())),
                "difference_ecart": round(kpis["ecart"] - totaux[0]["ecart"], 1),
            }
            for rang, (mode, kpis) in enumerate(zip(MODES, totaux, strict=True))
        ],
    }


def _preparer(centre: Centre, demande: Demande, annee: int | None) -> tuple[Carte, Flottants, dict[str, Any]]:
    lue = carte_de_direction(centre.direction_id)
    if centre.pk not in lue.carte.centres.id:
        raise Refus(f"{centre.nom} est inactif : rien à dimensionner.")
    annee = annee or annee_des_volumes(centre.direction)
    carte = lue.carte.restreinte([centre.pk])
    volumes = volumes_de(carte, annee)
    appliquer_volumes(carte, volumes, demande.volumes)
    return (
        carte,
        volumes,
        {
            "centre_id": centre.pk,
            "centre_label": centre.nom,
            "direction_id": centre.direction_id,
            "annee": annee,
            "mode": demande.parametres.mode,
            "fictif": centre.fictif,
            "revision": lue.revision,
            "version_moteur": VERSION,
            "parametres": demande.parametres.en_dict(),
            "report": demande.rapport,
        },
    )


def total(carte: Carte, resultat: Resultat) -> dict[str, Any]:
    """Totaux exacts de la carte, écrits comme ceux d'une simulation gardée."""
    mod = carte.titres.mod[carte.postes.titre]
    inconnu = bool((~resultat.cout_connu & (resultat.ecart != 0)).any())
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
