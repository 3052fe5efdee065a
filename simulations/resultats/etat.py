"""L'état d'une simulation, pour la clé de ce qu'on en garde : tout ce qu'elle a d'écrit."""

from collections.abc import Iterable, Iterator
from typing import Any

from simulations.models import Simulation


def etat_de(simulations: Iterable[Simulation]) -> list[object]:
    """Valeurs lues de ces simulations, et les noms qui les accompagnent.

    Finie, une simulation ne change plus que de nom, de garde ou de scénario ; ses lignes, jamais.
    """
    return [valeur for simulation in simulations for valeur in _valeurs(simulation)]


def _valeurs(simulation: Simulation) -> Iterator[Any]:
    differes = simulation.get_deferred_fields()
    for champ in simulation._meta.concrete_fields:
        if champ.attname not in differes:
            yield getattr(simulation, champ.attname)
    yield simulation.scenario and simulation.scenario.nom
    yield simulation.demandeur and simulation.demandeur.get_username()
