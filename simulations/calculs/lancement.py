"""Lancer une simulation : la seule porte, pour la page, l'API, l'admin et la commande."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from referentiels.lectures.annees import annees_des_volumes
from referentiels.models import Centre, Direction
from simulateur.travaux.machine import creer_et_enfiler
from simulations.demandes import coherence
from simulations.demandes.demande import Demande
from simulations.models import Scenario, Simulation
from simulations.models.visibles import viser
from simulations.moteur import VERSION
from simulations.moteur.parametres import PAR_POSTE


def lancer(
    *,
    niveau: Simulation.Niveau,
    demande: Demande,
    demandeur: Any = None,
    direction: Direction | None = None,
    centre_ids: list[int] | None = None,
    annee: int | None = None,
    cle: str | None = None,
    scenario: Scenario | None = None,
) -> Simulation:
    """Crée la simulation et la met en file dans la même transaction.

    `cle` : clé d'idempotence ; même clé et même demande rendent la même simulation, une autre demande
    lève CleDejaUtilisee. SaisieRefusee si des parts d'un même tout dépassent 100, ou si une
    présence tombe sous 0,1.
    """
    parametres = demande.parametres
    vises = centres_vises(direction, centre_ids).filter(actif=True)
    coherence.verifier(parametres, vises)
    annee = annee or annees_des_volumes().par_defaut
    simulation = Simulation(
        niveau=niveau,
        direction=direction,
        libelle=_libelle(niveau, direction, centre_ids or []),
        centre_ids=sorted(centre_ids or []),
        annee=annee,
        parametres=parametres.en_dict(),
        volumes_demandes=demande.volumes,
        rapport=demande.rapport,
        demandeur=demandeur,
        version_moteur=VERSION,
        fictive=centres_vises(direction, centre_ids).filter(fictif=True).exists(),
        cle_idempotence=cle or None,
        scenario=scenario,
    )
    simulation.empreinte = empreinte_des_entrees(simulation)
    with transaction.atomic():
        creee, neuve = creer_et_enfiler(simulation)
        if neuve and niveau != Simulation.Niveau.NATIONAL:
            viser(_directions_visees(direction, centre_ids) | demande.directions, simulation=simulation)
    return creee  # type: ignore[return-value]


def _directions_visees(direction: Direction | None, centre_ids: list[int] | None) -> set[int]:
    if direction is not None:
        return {direction.pk}
    return set(centres_vises(None, centre_ids).order_by().values_list("direction_id", flat=True).distinct())


def centres_vises(direction: Direction | None, centre_ids: list[int] | None = None) -> QuerySet[Centre]:
    """Ceux d'une direction, d'un lot, ou de tout le pays."""
    if direction is not None:
        return Centre.objects.filter(direction=direction)
    return Centre.objects.filter(pk__in=centre_ids) if centre_ids else Centre.objects.all()


def empreinte_des_entrees(simulation: Simulation) -> str:
    """sha256 de tout ce qui décide du résultat, hors référentiel."""
    entrees = {
        "niveau": str(simulation.niveau),
        "direction": simulation.direction_id,
        "centres": simulation.centre_ids,
        "annee": simulation.annee,
        "parametres": _distinctifs(simulation.parametres),
        "volumes": simulation.volumes_demandes,
    }
    return hashlib.sha256(json.dumps(entrees, sort_keys=True).encode()).hexdigest()


def _distinctifs(parametres: Mapping[str, Any]) -> dict[str, Any]:
    """Sans l'arrondi livré : la même demande, envoyée avant que l'arrondi se choisisse, est la même."""
    return {nom: valeur for nom, valeur in parametres.items() if (nom, valeur) != ("arrondi", PAR_POSTE)}


def _libelle(niveau: Simulation.Niveau, direction: Direction | None, centre_ids: list[int]) -> str:
    if direction is not None:
        return direction.nom
    if niveau == Simulation.Niveau.BATCH:
        return f"{len(centre_ids)} centres"
    return "Ensemble du réseau"
