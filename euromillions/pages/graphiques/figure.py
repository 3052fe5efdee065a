"""La forme d'une figure : ce que lit `composants/graphique.html`."""

from typing import Any, NotRequired, TypedDict


class Serie(TypedDict):
    nom: str
    valeurs: list[Any]
    couleur: NotRequired[str]


class Bande(TypedDict):
    """Ce que le hasard donne presque toujours, de `bas` à `haut` ; None là où rien ne se calcule."""

    nom: str
    bas: list[float | None]
    haut: list[float | None]


class Figure(TypedDict):
    """`attendu` : une valeur pour toute la figure, ou une par étiquette."""

    etiquettes: list[Any]
    series: list[Serie]
    axe_x: NotRequired[str]
    axe_y: NotRequired[str]
    attendu: NotRequired[float | list[float]]
    attendu_nom: NotRequired[str]
    bande: NotRequired[Bande]
    unite: NotRequired[str]
    decimales: NotRequired[int]
    horizontal: NotRequired[bool]
    zero: NotRequired[bool]
