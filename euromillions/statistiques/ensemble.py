"""Les deux vues d'ensemble : rapide (comptes) et complète."""

from typing import TypedDict

from euromillions.statistiques.combinaisons import Combinaisons, combinaisons
from euromillions.statistiques.ecarts import Ecarts, ecarts
from euromillions.statistiques.frequences import Frequences, SortieRapide, frequences, rapides
from euromillions.statistiques.historique import Historique
from euromillions.statistiques.repartitions import Repartitions, repartitions
from euromillions.statistiques.uniformite import Uniformites, uniformites


class Rapide(TypedDict):
    total_draws: int
    numbers: list[SortieRapide]
    stars: list[SortieRapide]


class Periode(TypedDict):
    start: str | None
    end: str | None


class Complet(TypedDict):
    total_draws: int
    date_range: Periode
    draws_by_star_pool: dict[str, int]
    frequencies: Frequences
    gaps: Ecarts
    combinations: Combinaisons
    distributions: Repartitions
    uniformity: Uniformites


def rapide(historique: Historique) -> Rapide:
    """Comptes, pourcentages et dernière sortie : la réponse de quick-stats."""
    return {
        "total_draws": len(historique),
        "numbers": rapides(historique, historique.sorties_numeros),
        "stars": rapides(historique, historique.sorties_etoiles),
    }


def complet(historique: Historique) -> Complet:
    """Toutes les statistiques d'une sélection."""
    return {
        "total_draws": len(historique),
        "date_range": {"start": historique.premier, "end": historique.dernier},
        "draws_by_star_pool": {str(r): n for r, n in historique.effectifs_par_reserve},
        "frequencies": frequences(historique),
        "gaps": ecarts(historique),
        "combinations": combinaisons(historique),
        "distributions": repartitions(historique),
        "uniformity": uniformites(historique),
    }
