"""Une direction d'un calcul : ses entrées, puis ses résultats ; pour le run, le rejeu et l'immédiat."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from simulations.calculs.demesure import refuser_la_demesure
from simulations.cartes.cache import CarteDeDirection
from simulations.cartes.volumes import centres_sans_volume
from simulations.models.contenus import Rapport
from simulations.moteur import Carte, Parametres, Resultat, appliquer_mode, calculer_ensemble
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
    cartes = [appliquer_mode(lue.carte, parametres.mode) for lue in lues]
    with refuser_la_demesure():
        resultats = calculer_ensemble(cartes, [lue.volumes for lue in lues], parametres)
    return [
        DirectionCalculee(lue.direction_id, lue.origine, carte, lue.volumes, resultat)
        for lue, carte, resultat in zip(lues, cartes, resultats, strict=True)
    ]


def totaux(directions: Sequence[DirectionCalculee]) -> dict[str, int]:
    """Totaux exacts de la simulation, par champ de `Mesures` et de `Simulation`."""
    sommes: dict[str, int] = defaultdict(int)
    connu = True
    for direction in directions:
        resultat, mod = direction.resultat, direction.carte.titres.mod[direction.carte.postes.titre]
        for champ, tableau in zip(SOMMES, colonnes(resultat), strict=True):
            sommes[champ] += int(tableau.sum())
        sommes["etp_mod_pico"] += int(resultat.etp_pico[mod].sum())
        sommes["moi_dixiemes"] += int(resultat.actuel[~mod].sum())
        sommes["nb_centres"] += len(direction.carte.centres.id)
        sommes["nb_postes"] += len(direction.carte.postes.id)
        sommes["nb_taches"] += direction.carte.nb_taches
        connu = connu and not resultat.sans_prix.any()
    return {**sommes, "cout_connu": connu}


def oublis(lues: Sequence[DirectionLue]) -> Rapport:
    """Au rapport, les centres à tâches sans aucun volume ; rien s'il n'y en a pas."""
    noms = [nom for lue in lues for nom in centres_sans_volume(lue.carte, lue.volumes)]
    if not noms:
        return {}
    return {"centres_sans_volume": {"nombre": len(noms), "noms": noms[:OUBLIS_CITES]}}
