"""Les feuilles d'un export : décider, centres, postes, tâches, paramètres. Des valeurs, pas un fichier."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from simulations.calculs.relecture import PartRelue, relire
from simulations.exports.decision import decision
from simulations.exports.feuille import Feuille, codes_des_directions, codes_des_postes
from simulations.models import ResultatCentre, ResultatPoste, Simulation
from simulations.moteur.detail import Detailleur

LOT = 2000
COUT = "Coût"
NON_MONTRE = "non montré : ce compte n'a pas le droit de voir les coûts"
EN_TETE_TACHES = (
    *("Direction", "Centre", "Code centre", "Poste", "Code poste", "Tâche", "Famille", "Produit", "Unité"),
    *("Phase", "Base (%)", "Durée (s)", "Volume annuel", "Unités par jour", "Heures par jour"),
    "D'où vient ce chiffre",
)
MESURES = (
    "Heures par jour",
    "ETP calculé",
    "ETP arrondi",
    "Effectif actuel",
    "Besoin calculé",
    "Effet d'arrondi",
    "Écart",
    "À pourvoir",
    "En trop",
    "Décision",
    "Coût mensuel de l'écart",
    "Coût annuel de l'écart",
    "Remarque",
)


def feuilles(simulation: Simulation, *, couts: bool = True) -> list[Feuille]:
    """De quoi décider d'abord, puis tout ce que cette simulation terminée a calculé.

    Sans `couts`, leurs colonnes restent, vides : le fichier a la même forme pour tous.
    """
    ecrites = _feuilles(simulation)
    return ecrites if couts else [_sans_couts(feuille) for feuille in ecrites]


def _sans_couts(feuille: Feuille) -> Feuille:
    caches = {rang for rang, entete in enumerate(feuille.entetes) if entete.startswith(COUT)}

    def lignes() -> Iterator[Sequence[Any]]:
        for ligne in feuille.lignes():
            if str(ligne[0]).startswith(COUT):  # une mesure par ligne, dans la feuille qui décide
                yield (ligne[0], NON_MONTRE, *("" for _ in ligne[2:]))
            else:
                yield [None if rang in caches else valeur for rang, valeur in enumerate(ligne)]

    return feuille if feuille.longue else replace(feuille, lignes=lignes)


def _feuilles(simulation: Simulation) -> list[Feuille]:
    return [
        decision(simulation),
        Feuille(
            "Centres",
            ("Direction", "Code direction", "Centre", "Code centre", "Typologie", "Postes", *MESURES),
            lambda: _centres(simulation),
            simulation.nb_centres,
        ),
        Feuille(
            "Postes",
            ("Direction", "Code direction", "Centre", "Code centre", "Poste", "Code poste", "Type", *MESURES),
            lambda: _postes(simulation),
            simulation.nb_postes,
        ),
        Feuille("Tâches", EN_TETE_TACHES, lambda: _taches(simulation), simulation.nb_taches, longue=True),
        Feuille("Paramètres", ("Paramètre", "Portée", "Valeur"), lambda: _parametres(simulation), 20),
    ]


def _mesures(ligne: ResultatCentre | ResultatPoste) -> tuple[Any, ...]:
    return (
        ligne.heures,
        ligne.etp_calcule,
        ligne.etp_arrondi,
        ligne.effectif_actuel,
        ligne.besoin_calcule,
        ligne.effet_arrondi,
        ligne.ecart,
        ligne.a_pourvoir,
        ligne.en_trop,
        ligne.decision,
        ligne.cout_mensuel,
        ligne.cout_annuel,
        ligne.remarque,
    )


def _centres(simulation: Simulation) -> Iterator[Sequence[Any]]:
    directions = codes_des_directions(simulation)
    for ligne in simulation.centres.all().iterator(chunk_size=LOT):
        yield (
            ligne.direction,
            directions.get(ligne.direction_id, ""),
            ligne.nom,
            ligne.code,
            ligne.typologie,
            ligne.nb_postes,
            *_mesures(ligne),
        )


def _postes(simulation: Simulation) -> Iterator[Sequence[Any]]:
    directions = codes_des_directions(simulation)
    centres = {
        pk: (direction, directions.get(direction_id, ""), nom, code)
        for pk, direction_id, direction, nom, code in simulation.centres.values_list(
            "centre_id", "direction_id", "direction", "nom", "code"
        )
    }
    codes = codes_des_postes()
    for ligne in simulation.postes.order_by("centre_id", "nom").iterator(chunk_size=LOT):
        qui = (ligne.nom, codes.get(ligne.titre_id, ""), ligne.type)
        yield *centres.get(ligne.centre_id, ("", "", "", "")), *qui, *_mesures(ligne)


def _taches(simulation: Simulation) -> Iterator[Sequence[Any]]:
    for part in relire(simulation):
        yield from _taches_de(part)


def _taches_de(part: PartRelue) -> Iterator[Sequence[Any]]:
    """Les chiffres et la phrase de « d'où vient ce chiffre »."""
    carte = part.carte
    centres, titres = carte.centres, carte.titres
    detailleur = Detailleur(carte, part.entrees.volumes, part.entrees.parametres)
    centre_de, titre_de = carte.postes.centre.tolist(), carte.postes.titre.tolist()
    postes = carte.taches.poste.tolist()
    for poste, tache in zip(postes, detailleur.lignes(np.arange(len(postes))), strict=True):
        centre = centre_de[poste]
        yield (
            centres.direction[centre],
            centres.nom[centre],
            centres.code[centre],
            titres.nom[titre_de[poste]],
            titres.code[titre_de[poste]],
            tache.nom,
            tache.famille,
            tache.produit,
            tache.unite,
            tache.phase,
            tache.base_calcul,
            tache.duree_secondes,
            tache.volume_annuel,
            tache.unites_par_jour,
            tache.heures_par_jour,
            tache.formule,
        )


def _parametres(simulation: Simulation) -> Iterator[Sequence[Any]]:
    parametres = simulation.jeu_de_parametres
    for nom in (
        "productivite",
        "heures_jour",
        "temps_mort",
        "trajet_minutes",
        "shift",
        "jours_ouvres",
        "part_du_mois",
        "mois",
        "mode",
        "arrondi",
    ):
        yield nom, "simulation", getattr(parametres, nom)
    for flux, taux in sorted(parametres.croissance.items()):
        yield "croissance", flux or "tous les flux", taux
    for nom, valeur in sorted(parametres.libres.items()):
        yield nom, "simulation", valeur
    nommes = dict(simulation.centres.values_list("centre_id", "code"))
    for centre, valeurs in sorted(parametres.par_centre.items()):
        for nom, valeur in sorted(valeurs.items()):
            yield nom, f"centre {nommes.get(centre, centre)}", valeur
    for demande in simulation.volumes_demandes:
        centre = demande["centre_id"]
        yield f"volume {demande['cellule']}", f"centre {nommes.get(centre, centre)}", demande["volume"]
