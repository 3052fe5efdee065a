"""Une direction d'un calcul : ses entrées, puis ses résultats ; pour le run, le rejeu et l'immédiat."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from referentiels.lectures.annees import annees_des_volumes
from simulateur.web.refus import Refus
from simulations.calculs.demesure import refuser_la_demesure
from simulations.cartes.cache import CarteDeDirection
from simulations.cartes.modes import carte_du_mode
from simulations.cartes.volumes import centres_a_taches, centres_sans_volume
from simulations.models.contenus import CouvertureAnnee, Oublis, Rapport
from simulations.moteur import Carte, Parametres, Resultat, calculer_ensemble
from simulations.moteur.carte import Flottants
from simulations.moteur.mesures import SOMMES, colonnes

OUBLIS_CITES = 10


@dataclass(frozen=True)
class DirectionLue:
    """Une direction à calculer : `carte` réduite aux centres visés, `origine` entière."""

    direction_id: int
    origine: CarteDeDirection
    carte: Carte
    volumes: Flottants


@dataclass(frozen=True)
class DirectionCalculee:
    """Une direction calculée : `carte` est celle du mode, `origine` celle du référentiel."""

    direction_id: int
    origine: CarteDeDirection
    carte: Carte
    volumes: Flottants
    resultat: Resultat


def calculer_directions(lues: Sequence[DirectionLue], parametres: Parametres) -> list[DirectionCalculee]:
    """Calcule toutes les directions ; Refus si une mesure ne tient pas dans ses 64 bits."""
    cartes = [carte_du_mode(lue.origine, lue.carte, parametres.mode) for lue in lues]
    with refuser_la_demesure():
        resultats = calculer_ensemble(cartes, [lue.volumes for lue in lues], parametres)
    return [
        DirectionCalculee(lue.direction_id, lue.origine, carte, lue.volumes, resultat)
        for lue, carte, resultat in zip(lues, cartes, resultats, strict=True)
    ]


def refuser_les_heures_negatives(directions: Sequence[DirectionCalculee]) -> None:
    """Refus : une règle mal posée peut retrancher du travail, et un total le cacherait."""
    for direction in directions:
        negatifs = np.flatnonzero(direction.resultat.heures_pico < 0)
        if len(negatifs):
            carte, rang = direction.carte, int(negatifs[0])
            poste = carte.titres.nom[carte.postes.titre[rang]]
            centre = carte.centres.code[carte.postes.centre[rang]]
            raison = "vérifier les termes de ses phases et leurs paramètres"
            raise Refus(f"Heures négatives au poste {poste} du centre {centre} : {raison}.")


def totaux(directions: Sequence[DirectionCalculee]) -> dict[str, int]:
    """Totaux exacts de la simulation, par champ de `Mesures` et de `Simulation`."""
    sommes: dict[str, int] = defaultdict(int)
    connu = True
    for direction in directions:
        resultat, mod = direction.resultat, direction.carte.titres.mod[direction.carte.postes.titre]
        for champ, tableau in zip(SOMMES, colonnes(resultat), strict=True):
            sommes[champ] += int(tableau.sum())
        sommes["etp_mod_pico"] += int(resultat.etp_pico[mod].sum())
        sommes["moi_centiemes"] += int(resultat.actuel[~mod].sum())
        sommes["nb_centres"] += len(direction.carte.centres.id)
        sommes["nb_postes"] += len(direction.carte.postes.id)
        sommes["nb_taches"] += direction.carte.nb_taches
        connu = connu and not resultat.sans_prix.any()
    return {**sommes, "cout_connu": connu}


def constats(lues: Sequence[DirectionLue], annee: int) -> Rapport:
    """Au rapport : ce que l'année couvre, et les centres à tâches sans aucun volume s'il y en a."""
    rapport: Rapport = {"couverture_annee": _couverture(lues, annee)}
    noms = [nom for lue in lues for nom in centres_sans_volume(lue.carte, lue.volumes)]
    if noms:
        rapport["centres_sans_volume"] = _cites(noms)
    if moi_seulement(lues):
        rapport["moi_seulement"] = True
    if lues:
        recruter, surveiller, optimiser = lues[0].carte.regles.seuils
        rapport["seuils"] = {"recruter": recruter, "surveiller": surveiller, "optimiser": optimiser}
    return rapport


def moi_seulement(lues: Sequence[DirectionLue]) -> bool:
    """Des postes, tous indirects : rien à dimensionner, le besoin est l'effectif présent."""
    mod = [lue.carte.titres.mod[lue.carte.postes.titre] for lue in lues]
    return any(len(poste) for poste in mod) and not any(poste.any() for poste in mod)


def _couverture(lues: Sequence[DirectionLue], annee: int) -> CouvertureAnnee:
    """Un centre est couvert par les volumes de l'année, ou par ceux que la demande a saisis."""
    annees = annees_des_volumes()
    centres, couverts, partiels = 0, 0, []
    for lue in lues:
        identites, remplies = lue.carte.centres, (lue.volumes > 0).sum(axis=1).tolist()
        for rang in np.flatnonzero(centres_a_taches(lue.carte)).tolist():
            pk = int(identites.id[rang])
            cellules = max(remplies[rang], annees.cellules(pk, annee))
            centres += 1
            couverts += annees.couvre(pk, cellules)
            if annees.partiel(pk, annee, cellules):
                partiels.append(f"{identites.nom[rang]} ({identites.code[rang]})")
    couverture: CouvertureAnnee = {
        "annee": annee,
        "centres": centres,
        "couverts": couverts,
        "part": round(100 * couverts / centres, 1) if centres else 100.0,
    }
    if partiels:
        couverture["partiels"] = _cites(partiels)
    return couverture


def _cites(noms: list[str]) -> Oublis:
    return {"nombre": len(noms), "noms": noms[:OUBLIS_CITES]}
