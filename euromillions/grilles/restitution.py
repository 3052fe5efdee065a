"""Ce que l'API dit d'une génération : formes de docs/metier/euromillions.md#api."""

from typing import NotRequired, TypedDict

from euromillions.models import Generation, Grille
from simulateur.api.etats import etat_api


class Lancement(TypedDict):
    task_id: str
    status: str
    message: str
    check_status_url: str
    cached: bool


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


class SuiviDeGeneration(TypedDict):
    task_id: str
    state: str
    current: int
    total: int
    status: str
    result: NotRequired[Resultat]
    error: NotRequired[str]


def lancement(generation: Generation) -> Lancement:
    """Réponse 202 du lancement."""
    return {
        "task_id": str(generation.pk),
        "status": "started",
        "message": generation.message if generation.du_cache else f"{generation} : mise en file",
        "check_status_url": f"/api/euromillions/task-status/{generation.pk}",
        "cached": generation.du_cache,
    }


def suivi(generation: Generation) -> SuiviDeGeneration:
    """Réponse de `task-status` ; les grilles ne sont lues qu'une fois la génération finie."""
    etat = etat_api(generation)
    corps: SuiviDeGeneration = {
        "task_id": str(generation.pk),
        "state": etat,
        "current": generation.faites,
        "total": generation.nombre,
        "status": generation.message or str(generation.get_etat_display()),
    }
    if etat == "SUCCESS":
        corps["result"] = resultat(generation)
    if etat == "FAILURE":
        corps["error"] = generation.message
    return corps


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
