"""Exécution d'une simulation, direction par direction : carte, volumes, calcul, puis une seule écriture."""

from referentiels.models import Centre
from simulateur.cache import revisions
from simulateur.travaux.machine import Prise
from simulateur.web.refus import Refus
from simulations.calculs.demesure import refuser_un_total_demesure
from simulations.calculs.directions import (
    DirectionCalculee,
    DirectionLue,
    calculer_directions,
    constats,
    moi_seulement,
    refuser_les_heures_negatives,
    totaux,
)
from simulations.calculs.ecriture import ecrire_instantanes, ecrire_parts, ecrire_resultats
from simulations.calculs.lecture import avec_volumes, lire_directions, par_direction
from simulations.models import Simulation
from simulations.moteur import VERSION


def executer(simulation: Simulation, prise: Prise) -> None:
    """Calcule la simulation et la conclut ; lève Refus si rien n'est à dimensionner."""
    revision_depart = revisions.lire_une(revisions.GLOBALE)
    with revisions.une_lecture():
        lues = _lire(simulation, prise)
    directions = calculer_directions(lues, simulation.jeu_de_parametres)
    if not sum(direction.carte.nb_taches for direction in directions) and not moi_seulement(lues):
        raise Refus(f"{simulation.libelle} n'a aucune tâche active : importer d'abord ses tâches.")
    refuser_les_heures_negatives(directions)
    refuser_un_total_demesure(direction.resultat for direction in directions)
    nb_centres = sum(len(lue.carte.centres.id) for lue in lues)
    prise.avancer(nb_centres, nb_centres, "Écriture des résultats")
    ecrire_instantanes(directions)
    prise.terminer(
        lambda: _ecrire(simulation, directions),
        version_moteur=VERSION,
        message="",
        revision=max(direction.origine.revision for direction in directions),
        revision_depart=revision_depart,
        rapport={**simulation.rapport, **constats(lues, simulation.annee)},
        **totaux(directions),
    )


def _lire(simulation: Simulation, prise: Prise) -> list[DirectionLue]:
    """La carte et les volumes de chaque direction visée, en disant où l'on en est."""
    voulus = centres_par_direction(simulation)
    total = sum(len(centres) for centres in voulus.values())
    if not total:
        raise Refus(f"{simulation.libelle} n'a aucun centre actif : rien à dimensionner.")

    def suivre(faits: int, lus: int) -> None:
        accord = "s" if faits > 1 else ""
        phrase = f"{faits + lus} centres lus sur {total}" if lus else f"{faits} centre{accord} sur {total}"
        prise.avancer(faits + lus, total, phrase)

    lues = lire_directions(voulus, simulation.annee, suivre)
    return avec_volumes(lues, simulation.volumes_demandes)


def centres_par_direction(simulation: Simulation) -> dict[int, list[int]]:
    """Centres actifs visés, par direction, dans l'ordre des directions. Une requête."""
    centres = Centre.objects.actifs()
    niveau = Simulation.Niveau(simulation.niveau)
    if niveau == Simulation.Niveau.DIRECTION:
        centres = centres.filter(direction=simulation.direction_id or 0)
    elif niveau == Simulation.Niveau.BATCH:
        centres = centres.filter(pk__in=simulation.centre_ids)
    elif niveau in (Simulation.Niveau.CENTRE, Simulation.Niveau.POSTE):
        centres = centres.filter(pk=simulation.centre_id or 0)
    return par_direction(centres)


def _ecrire(simulation: Simulation, directions: list[DirectionCalculee]) -> None:
    ecrire_parts(simulation, directions)
    ecrire_resultats(simulation, directions)
