"""L'essai : les entrées d'une simulation, dont on change certaines, calculées aussitôt et gardées nulle part.

Règle : docs/metier/effectifs.md#essai. Même lecture et même calcul que la simulation gardée : mêmes chiffres.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import numpy as np

from referentiels.lectures.annees import annees_des_volumes
from referentiels.lectures.parts import verifier_la_demande
from simulateur.cache import revisions
from simulateur.cache.memoire import Memoire
from simulateur.web.refus import Refus
from simulations.calculs.demesure import refuser_un_total_demesure
from simulations.calculs.directions import (
    DirectionCalculee,
    DirectionLue,
    calculer_directions,
    constats,
    refuser_les_heures_negatives,
)
from simulations.calculs.immediat import LigneImmediate, ligne_poste
from simulations.calculs.lecture import avec_volumes, lire_directions, par_direction
from simulations.demandes import coherence
from simulations.demandes.demande import Demande
from simulations.demandes.essai import EssaiDemande, Lieu
from simulations.models.contenus import Rapport
from simulations.moteur import VERSION, Parametres
from simulations.moteur.carte import Entiers
from simulations.moteur.mesures import NOMBRE, Difference, Jugement, MesuresEnUnites, Sommes, colonnes_et_prix
from simulations.moteur.niveaux import Etiquette
from simulations.moteur.presence import DE_PRESENCE

CENTRES_MONTRES = 10
_JUGEES: Memoire[bool] = Memoire(500)


class LigneDEssai(MesuresEnUnites, Jugement, Difference, Etiquette):
    """Une direction ou un centre : ses mesures, et ce qui change depuis le départ."""


class TotalDEssai(MesuresEnUnites, Jugement, Difference):
    """Tout le lieu, et ce qui change depuis le départ."""

    nb_centres: int
    nb_postes: int


class Essai(TypedDict):
    niveau: str
    lieu: str
    annee: int
    fictif: bool
    revision: int
    version_moteur: str
    parametres: dict[str, Any]
    parametres_depart: dict[str, Any]
    total: TotalDEssai
    depart: MesuresEnUnites
    directions: list[LigneDEssai]
    centres: list[LigneDEssai]
    postes: NotRequired[list[LigneImmediate]]
    report: Rapport


@dataclass(frozen=True)
class Entrees:
    """Ce qu'un essai a lu : de quoi le recalculer autant de fois qu'on veut, sans la base."""

    lieu: Lieu
    annee: int
    lues: list[DirectionLue]


def essayer(voulu: EssaiDemande) -> Essai:
    """Calcule l'essai et son départ ; Refus si rien n'est à dimensionner, SaisieRefusee si τ est trop bas."""
    entrees = lire_entrees(voulu.lieu, voulu.annee)
    for demande in (voulu.depart, voulu.demande):
        verifier(entrees, demande.parametres)
    essai = calculer(entrees, voulu.demande)
    depart = essai if _memes(voulu.demande, voulu.depart) else calculer(entrees, voulu.depart)
    return _rendre(entrees, voulu, essai, depart)


def lire_entrees(lieu: Lieu, annee: int | None) -> Entrees:
    """Cartes et volumes du lieu ; Refus s'il n'a aucun centre actif."""
    annee = annee or annees_des_volumes().par_defaut
    with revisions.une_lecture():
        voulus = par_direction(lieu.centres)
        if not voulus:
            raise Refus(f"{lieu.nom} n'a aucun centre actif : rien à dimensionner.")
        return Entrees(lieu, annee, lire_directions(voulus, annee))


def verifier(entrees: Entrees, parametres: Parametres) -> None:
    """`coherence.verifier` sur les centres de l'essai ; ce qui a passé sur ces cartes ne se rejuge pas."""
    cartes = (entrees.lieu, *(lue.origine.empreinte for lue in entrees.lues))
    presentes, autres = _partager(parametres.libres)
    propres = [(pk, *_partager(valeurs)) for pk, valeurs in sorted(parametres.par_centre.items())]
    parts = (cartes, str(autres), str([(pk, du_reste) for pk, _, du_reste in propres]))
    presence = (cartes, parametres.jours_ouvres, str(presentes), str([ligne[:2] for ligne in propres]))
    if _JUGEES.lire(parts) is None:
        verifier_la_demande(parametres.libres, parametres.par_centre, entrees.lieu.centres)
        _JUGEES.garder(parts, True)
    if _JUGEES.lire(presence) is None:
        coherence.verifier_la_presence(parametres, entrees.lieu.centres)
        _JUGEES.garder(presence, True)


def _partager(valeurs: Mapping[str, float]) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """Les valeurs de présence, puis les autres, triées."""
    triees = sorted(valeurs.items())
    de_presence = [couple for couple in triees if couple[0] in DE_PRESENCE]
    return de_presence, [couple for couple in triees if couple[0] not in DE_PRESENCE]


def calculer(entrees: Entrees, demande: Demande) -> list[DirectionCalculee]:
    """Toutes les directions du lieu sous cette demande, avec les refus d'une simulation gardée."""
    calculees = calculer_directions(avec_volumes(entrees.lues, demande.volumes), demande.parametres)
    refuser_les_heures_negatives(calculees)
    refuser_un_total_demesure(calculee.resultat for calculee in calculees)
    return calculees


def _memes(une: Demande, autre: Demande) -> bool:
    return une.parametres == autre.parametres and une.volumes == autre.volumes


def sommes_du_lieu(lieu: Lieu, calculees: Sequence[DirectionCalculee]) -> Sommes:
    """Le total du lieu ; d'un poste, Refus si le mode l'a versé à un autre."""
    if lieu.poste is not None:
        carte, resultat = calculees[0].carte, calculees[0].resultat
        rangs = np.flatnonzero(carte.titres.id[carte.postes.titre] == lieu.poste.pk)
        if not len(rangs):
            raise Refus("Dans le mode recommandé, ce poste est versé à un autre : regarder le centre.")
        return Sommes.du_poste(resultat, int(rangs[0]))
    total = Sommes()
    for calculee in calculees:
        total += Sommes.du_resultat(calculee.resultat)
    return total


def _rendre(
    entrees: Entrees,
    voulu: EssaiDemande,
    essai: list[DirectionCalculee],
    depart: list[DirectionCalculee],
) -> Essai:
    seuils = essai[0].carte.regles.seuils
    total, avant = sommes_du_lieu(voulu.lieu, essai), sommes_du_lieu(voulu.lieu, depart)
    lues = avec_volumes(entrees.lues, voulu.demande.volumes)
    rendu: Essai = {
        "niveau": voulu.lieu.niveau,
        "lieu": voulu.lieu.nom,
        "annee": entrees.annee,
        "fictif": voulu.lieu.centres.filter(fictif=True).exists(),
        "revision": max(lue.origine.revision for lue in lues),
        "version_moteur": VERSION,
        "parametres": voulu.demande.parametres.en_dict(),
        "parametres_depart": voulu.depart.parametres.en_dict(),
        "total": {
            **total.en_unites(),
            **total.jugees(seuils),
            **total.difference(avant),
            "nb_centres": sum(len(calculee.carte.centres.id) for calculee in essai),
            "nb_postes": sum(len(calculee.carte.postes.id) for calculee in essai),
        },
        "depart": avant.en_unites(),
        "directions": _directions(essai, depart),
        "centres": _centres(essai, depart),
        "report": {**voulu.demande.rapport, **constats(lues, entrees.annee)},
    }
    if voulu.lieu.centre is not None:
        carte, resultat = essai[0].carte, essai[0].resultat
        postes = [ligne_poste(carte, resultat, rang) for rang in range(len(carte.postes.id))]
        vise = voulu.lieu.poste.pk if voulu.lieu.poste else None
        rendu["postes"] = [poste for poste in postes if vise in (None, poste["poste_id"])]
    return rendu


def _par_centre(calculee: DirectionCalculee) -> Entiers:
    """(centres × NOMBRE) mesures sommées, entières."""
    sommes = np.zeros((len(calculee.carte.centres.id), NOMBRE), dtype=np.int64)
    np.add.at(sommes, calculee.carte.postes.centre, colonnes_et_prix(calculee.resultat))
    return sommes


def _ligne(etiquette: Etiquette, apres: Sommes, avant: Sommes, seuils: Any) -> LigneDEssai:
    return {**etiquette, **apres.en_unites(), **apres.jugees(seuils), **apres.difference(avant)}


def _directions(essai: list[DirectionCalculee], depart: list[DirectionCalculee]) -> list[LigneDEssai]:
    return [
        _ligne(
            {"direction_id": apres.direction_id, "direction_label": apres.carte.centres.direction[0]},
            Sommes.du_resultat(apres.resultat),
            Sommes.du_resultat(avant.resultat),
            apres.carte.regles.seuils,
        )
        for apres, avant in zip(essai, depart, strict=True)
    ]


def _centres(essai: list[DirectionCalculee], depart: list[DirectionCalculee]) -> list[LigneDEssai]:
    """Les dix centres dont l'ETP bouge le plus ; à égalité, l'écart, puis le code."""
    candidats: list[tuple[int, int, str, DirectionCalculee, int, Sommes, Sommes]] = []
    for apres, avant in zip(essai, depart, strict=True):
        nouvelles, anciennes = _par_centre(apres), _par_centre(avant)
        bouge = np.abs(nouvelles - anciennes)
        for rang in np.argsort(-bouge[:, 1], kind="stable")[: 2 * CENTRES_MONTRES].tolist():
            if bouge[rang].any():
                lignes = Sommes.depuis(nouvelles[rang]), Sommes.depuis(anciennes[rang])
                cle = (-int(bouge[rang, 1]), -int(bouge[rang, 4]), apres.carte.centres.code[rang])
                candidats.append((*cle, apres, rang, *lignes))
    candidats.sort(key=lambda candidat: candidat[:3])
    return [
        _ligne(
            {
                "centre_id": int(calculee.carte.centres.id[rang]),
                "centre_label": calculee.carte.centres.nom[rang],
                "centre_code": calculee.carte.centres.code[rang],
                "direction_id": calculee.direction_id,
                "direction_label": calculee.carte.centres.direction[rang],
            },
            apres,
            avant,
            calculee.carte.regles.seuils,
        )
        for _, _, _, calculee, rang, apres, avant in candidats[:CENTRES_MONTRES]
    ]
