"""Formes des réponses de l'API, tirées des types des statistiques (documentation OpenAPI)."""

from typing import Any, TypedDict

from drf_spectacular.plumbing import resolve_type_hint

from euromillions.lectures.fraicheur import Fraicheur
from euromillions.lectures.reperes import Annee, EreDecrite
from euromillions.lectures.statistiques import DuCache, GainsEre
from euromillions.statistiques.boule import HistoireBoule
from euromillions.statistiques.combinaisons import Combinaisons
from euromillions.statistiques.ecarts import Ecarts
from euromillions.statistiques.ensemble import Complet, Rapide


class Commun(TypedDict, total=False):
    cached: bool
    cache_info: DuCache
    demo: bool


def _liste(nom: str, element: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {nom: {"type": "array", "items": resolve_type_hint(element)}}}


def _avec_cache(forme: Any) -> dict[str, Any]:
    schema = forme if isinstance(forme, dict) else resolve_type_hint(forme)
    commun = resolve_type_hint(Commun)
    return schema | {"properties": schema["properties"] | commun["properties"]}


class Trous(TypedDict):
    missing_dates: list[str]


def _avec_les_trous(forme: Any) -> dict[str, Any]:
    """Ce qui compte des écarts dit aussi les dates qu'ils enjambent."""
    schema = _avec_cache(forme)
    return schema | {"properties": schema["properties"] | resolve_type_hint(Trous)["properties"]}


RAPIDE = _avec_cache(Rapide)
COMPLET = _avec_les_trous(Complet)
# Un couple se décrit mal en OpenAPI 3.0 : [libellé, compte].
COMPLET["properties"]["distributions"]["properties"]["decades"]["items"]["items"] = {
    "oneOf": [{"type": "string"}, {"type": "integer"}]
}
ECARTS = _avec_les_trous(Ecarts)
COMBINAISONS = _avec_les_trous(Combinaisons)
BOULE = _avec_les_trous(HistoireBoule)
GAINS = _avec_cache(_liste("eras", GainsEre))
ERES = _liste("eras", EreDecrite)
FRAICHEUR = resolve_type_hint(Fraicheur)
ANNEES = _liste("years", Annee)
