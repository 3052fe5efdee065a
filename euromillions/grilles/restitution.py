"""Ce que l'API dit d'une génération : formes de docs/metier/euromillions.md#api."""

from typing import NotRequired, TypedDict

from euromillions.models import Generation, Grille


class GrilleRendue(TypedDict):
    numbers: list[int]
    stars: list[int]
    strategy: str


class ParametresDeGeneration(TypedDict):
    num_grids: int
    seed: int
    target_draw: str
    history_until: str | None
    revision: int


class Resultat(TypedDict):
    grids: list[GrilleRendue]
    cached: bool
    strategy: str
    params: ParametresDeGeneration
    total_draws_analyzed: int
    demo: NotRequired[bool]


def resultat(generation: Generation) -> Resultat:
    grilles = grilles_de(generation)
    corps: Resultat = {
        "grids": [
            {"numbers": list(g.numeros), "stars": list(g.etoiles), "strategy": generation.strategie}
            for g in grilles
        ],
        "cached": generation.du_cache,
        "strategy": generation.strategie,
        "params": {
            "num_grids": generation.nombre,
            "seed": generation.graine,
            "target_draw": generation.cible.isoformat(),
            "history_until": (
                generation.historique_jusqu_au.isoformat() if generation.historique_jusqu_au else None
            ),
            "revision": generation.revision,
        },
        "total_draws_analyzed": generation.tirages_analyses,
    }
    if generation.fictive:
        corps["demo"] = True
    return corps


def grilles_de(generation: Generation) -> list[Grille]:
    """Ses grilles, ou celles de la génération dont elle reprend le résultat."""
    return list(Grille.objects.filter(generation=generation.origine_id or generation.pk).order_by("position"))
