"""Une feuille à écrire, et les codes que les résultats gardés n'ont pas."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from referentiels.models import Direction, Poste
from simulations.models import Simulation


@dataclass(frozen=True)
class Feuille:
    """`lignes` est un flux : une feuille nationale de tâches ne tient pas en mémoire.

    `longue` : écrite à mesure, sans mise en forme cellule à cellule. `finir(classeur, feuille)` : ce qu'un
    classeur y ajoute une fois les lignes posées, un graphique par exemple.
    """

    nom: str
    entetes: Sequence[str]
    lignes: Callable[[], Iterator[Sequence[Any]]]
    nombre: int
    longue: bool = False
    finir: Callable[[Any, Any], None] | None = None


def codes_des_directions(simulation: Simulation) -> dict[int, str]:
    """Par identifiant, tels qu'aujourd'hui ; une direction supprimée n'en a plus."""
    directions = Direction.objects.filter(pk__in=simulation.centres.order_by().values("direction_id"))
    return dict(directions.values_list("pk", "code"))


def codes_des_postes() -> dict[int, str]:
    return dict(Poste.objects.values_list("pk", "code"))
