"""Rejouer une simulation : mêmes entrées, mêmes chiffres ; et dire ce qui a changé depuis."""

from typing import Any

from django.db import transaction

from simulateur.models import Etat
from simulateur.travaux.machine import Prise, creer_et_enfiler
from simulateur.web.refus import Refus
from simulations.calculs.directions import DirectionCalculee, DirectionLue, calculer_directions, totaux
from simulations.calculs.ecriture import ecrire_resultats
from simulations.calculs.fraicheur import centres_aux_volumes_changes, directions_changees
from simulations.calculs.relecture import relire
from simulations.cartes.cache import CarteDeDirection
from simulations.models import PartSimulation, Simulation
from simulations.models.contenus import ConstatDeRejeu
from simulations.models.visibles import viser
from simulations.moteur import VERSION
from simulations.moteur.mesures import SOMMES

REPRIS = (  # de l'original, tels quels
    *("niveau", "direction_id", "centre_id", "libelle", "centre_ids", "annee", "parametres"),
    *("volumes_demandes", "rapport", "fictive", "empreinte", "revision_depart", "scenario_id"),
)


def rejouer(simulation: Simulation, *, demandeur: Any = None) -> Simulation:
    """Met en file le rejeu d'une simulation terminée ; lève Refus sinon.

    Le rejeu emporte ses parts : supprimer l'original ensuite ne l'empêche pas de finir.
    """
    with transaction.atomic():
        parts = list(PartSimulation.objects.filter(simulation=simulation).order_by("pk"))
        if simulation.etat != Etat.TERMINEE or not parts:
            raise Refus("Seule une simulation terminée, non purgée, se rejoue.")
        rejeu = Simulation(
            **{champ: getattr(simulation, champ) for champ in REPRIS},
            rejoue_de=simulation,
            demandeur=demandeur,
            version_moteur=VERSION,
        )
        creer_et_enfiler(rejeu)
        for part in parts:
            part.pk = None
            part.simulation = rejeu
        PartSimulation.objects.bulk_create(parts)
        viser(simulation.directions_visees.values_list("direction_id", flat=True), simulation=rejeu)
    return rejeu


def executer_rejeu(simulation: Simulation, prise: Prise) -> None:
    """Refait le calcul depuis les parts copiées et le compare à l'original."""
    parts = list(PartSimulation.objects.filter(simulation=simulation).order_by("pk").defer("volumes"))
    lues: list[DirectionLue] = []
    for rang, (part, relue) in enumerate(zip(parts, relire(simulation), strict=True)):
        prise.avancer(rang, len(parts), f"{rang} direction(s) sur {len(parts)}")
        carte, volumes = relue.entrees.carte, relue.entrees.volumes
        origine = CarteDeDirection(carte, b"", part.instantane_id, part.revision, en_cache=True)
        lues.append(DirectionLue(part.direction_id, origine, carte, volumes))
    directions = calculer_directions(lues, simulation.jeu_de_parametres)
    if not directions:
        raise Refus("Les entrées de cette simulation ont été purgées.")
    calcules = totaux(directions)
    prise.terminer(
        lambda: ecrire_resultats(simulation, directions),
        version_moteur=VERSION,
        message="",
        revision=max(part.revision for part in parts),
        rapport={**simulation.rapport, "rejeu": _constat(simulation, calcules, parts, directions)},
        **calcules,
    )


def _constat(
    simulation: Simulation,
    calcules: dict[str, int],
    parts: list[PartSimulation],
    directions: list[DirectionCalculee],
) -> ConstatDeRejeu:
    original = simulation.rejoue_de
    identique = (
        None if original is None else all(getattr(original, champ) == calcules[champ] for champ in SOMMES)
    )
    changees = directions_changees(parts)
    centres = {int(pk) for direction in directions for pk in direction.carte.centres.id}
    aux_volumes_changes = centres_aux_volumes_changes(simulation, centres)
    return {
        "original": str(original.pk) if original else None,
        "identique": identique,
        "version_moteur_originale": original.version_moteur if original else None,
        "referentiel_change": bool(changees),
        "directions_changees": changees,
        "volumes_changes": bool(aux_volumes_changes),
        "centres_aux_volumes_changes": len(aux_volumes_changes),
    }
