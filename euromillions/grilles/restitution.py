"""Ce que l'API dit d'une génération : formes de docs/metier/euromillions.md#api."""

from typing import Any

from euromillions.models import Generation, Grille


def resultat(generation: Generation) -> dict[str, Any]:
    grilles = grilles_de(generation)
    return {
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
        **({"demo": True} if generation.fictive else {}),
    }


def grilles_de(generation: Generation) -> list[Grille]:
    """Ses grilles, ou celles de la génération dont elle reprend le résultat."""
    return list(Grille.objects.filter(generation=generation.origine_id or generation.pk).order_by("position"))
