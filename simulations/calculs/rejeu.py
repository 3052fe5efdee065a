"""Rejouer une simulation : mêmes entrées, mêmes chiffres ; et dire ce qui a changé depuis."""

from typing import Any

from django.db import transaction

from referentiels.suivi import portees
from simulateur.cache import revisions
from simulateur.models import Etat
from simulateur.travaux.machine import Prise, Refus, creer_et_enfiler
from simulations.calculs.execution import Lue, Part, calculer_parts, enregistrer_resultats, totaux
from simulations.calculs.parts import charger_toutes
from simulations.calculs.relecture import centres_aux_volumes_changes
from simulations.cartes.cache import CarteLue
from simulations.models import PartSimulation, Simulation
from simulations.moteur import VERSION
from simulations.moteur.mesures import SOMMES


def rejouer(simulation: Simulation, *, demandeur: Any = None) -> Simulation:
    """Met en file le rejeu d'une simulation terminée ; lève Refus sinon.

    Le rejeu emporte ses parts : supprimer l'original ensuite ne l'empêche pas de finir.
    """
    with transaction.atomic():
        parts = list(PartSimulation.objects.filter(simulation=simulation).order_by("pk"))
        if simulation.etat != Etat.TERMINEE or not parts:
            raise Refus("Seule une simulation terminée, non purgée, se rejoue.")
        rejeu = Simulation(
            **{
                champ: getattr(simulation, champ)
                for champ in (
                    "niveau",
                    "direction_id",
                    "centre_id",
                    "libelle",
                    "centre_ids",
                    "annee",
                    "parametres",
                    "volumes_demandes",
                    "rapport",
                    "fictive",
                    "empreinte",
                    "revision_depart",
                    "scenario_id",
                )
            },
            rejoue_de=simulation,
            demandeur=demandeur,
            version_moteur=VERSION,
        )
        creer_et_enfiler(rejeu)
        for part in parts:
            part.pk = None
            part.simulation = rejeu
        PartSimulation.objects.bulk_create(parts)
    return rejeu


def executer_rejeu(simulation: Simulation, prise: Prise) -> None:
    """Refait le calcul depuis les parts copiées et le compare à l'original."""
    lignes = list(PartSimulation.objects.filter(simulation=simulation).order_by("pk").defer("volumes"))
    lues: list[Lue] = []
    for rang, (ligne, lue) in enumerate(zip(lignes, charger_toutes([simulation])[0], strict=True)):
        prise.avancer(rang, len(lignes), f"{rang} direction(s) sur {len(lignes)}")
        carte = CarteLue(lue.entrees.carte, b"", ligne.instantane_id, ligne.revision, en_cache=True)
        lues.append(Lue(ligne.direction_id, carte, lue.entrees.carte, lue.entrees.volumes))
    parts = calculer_parts(lues, simulation.jeu_de_parametres)
    if not parts:
        raise Refus("Les entrées de cette simulation ont été purgées.")
    calcules = totaux(parts)
    prise.terminer(
        lambda: enregistrer_resultats(simulation, parts),
        version_moteur=VERSION,
        message="",
        revision=max(ligne.revision for ligne in lignes),
        rapport={**simulation.rapport, "rejeu": _constat(simulation, calcules, lignes, parts)},
        **calcules,
    )


def _constat(
    simulation: Simulation, calcules: dict[str, Any], lignes: list[PartSimulation], parts: list[Part]
) -> dict[str, Any]:
    original = simulation.rejoue_de
    identique = (
        None if original is None else all(getattr(original, champ) == calcules[champ] for champ in SOMMES)
    )
    changees = directions_changees(lignes)
    centres = {int(pk) for part in parts for pk in part.carte.centres.id}
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


def directions_changees(lignes: list[PartSimulation]) -> list[int]:
    """Directions dont le référentiel a changé depuis que ces parts l'ont lu. Une requête."""
    communes = (portees.POSTES, portees.REGLES)
    numeros = revisions.lire(*communes, *(portees.direction(ligne.direction_id) for ligne in lignes))
    plancher = max(numeros[portee] for portee in communes)
    return [
        ligne.direction_id
        for ligne in lignes
        if max(plancher, numeros[portees.direction(ligne.direction_id)]) > ligne.revision
    ]
