"""Une direction à simuler et de quoi la simuler par l'API."""

from collections.abc import Callable
from typing import Any

import pytest

from simulateur.travaux import machine
from simulations.models import Simulation
from simulations.tests.outils.parcours import petit_reseau
from simulations.tests.outils.parcours import simuler as simuler_par_l_api
from simulations.tests.outils.reseau import Navigateur, direction_a_simuler


@pytest.fixture
def direction(db: None) -> Any:
    return direction_a_simuler()


@pytest.fixture
def navigateur(api: Any) -> Navigateur:
    return Navigateur(api)


@pytest.fixture
def simuler(navigateur: Navigateur) -> Callable[..., Any]:
    """`simuler(chemin, corps)` : lance, exécute comme le ferait un ouvrier, rend le suivi."""

    def simuler(chemin: str, corps: Any = None) -> Any:
        lancement = navigateur.lancer(chemin, corps)
        machine.executer("simulations.Simulation", lancement["task_id"])
        return navigateur.suivre(lancement)

    return simuler


@pytest.fixture
def directions(db: None) -> list[Any]:
    return petit_reseau()


@pytest.fixture
def nationale(api: Any, directions: list[Any]) -> Simulation:
    """La simulation nationale du petit réseau, terminée."""
    return simuler_par_l_api(api)
