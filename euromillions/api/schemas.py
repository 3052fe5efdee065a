"""Formes des réponses de l'API, tirées des types des statistiques (documentation OpenAPI)."""

from typing import Any, TypedDict

from drf_spectacular.plumbing import resolve_type_hint

from euromillions.statistiques.boule import HistoireBoule
from euromillions.statistiques.combinaisons import Combinaisons
from euromillions.statistiques.ecarts import Ecarts
from euromillions.statistiques.ensemble import Complet, Rapide
from euromillions.statistiques.rangs import Attendu, ChancesEre, GainsMesures


class DuCache(TypedDict):
    key: str
    revision: int
    computed_at: str
    ttl_seconds: int


class Commun(TypedDict, total=False):
    cached: bool
    cache_info: DuCache
    demo: bool


class Ere(TypedDict):
    code: str
    name: str
    start: str
    end: str | None
    numbers_max: int
    stars_max: int
    weekdays: list[int]
    weekday_names: list[str]
    odds: ChancesEre
    expected: Attendu


class Annee(TypedDict):
    year: int
    draws: int


class GainsEre(GainsMesures):
    code: str
    name: str


def _liste(nom: str, element: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {nom: {"type": "array", "items": resolve_type_hint(element)}}}


def _avec_cache(forme: Any) -> dict[str, Any]:
    schema = forme if isinstance(forme, dict) else resolve_type_hint(forme)
    commun = resolve_type_hint(Commun)
    return schema | {"properties": schema["properties"] | commun["properties"]}


RAPIDE = _avec_cache(Rapide)
COMPLET = _avec_cache(Complet)
ECARTS = _avec_cache(Ecarts)
COMBINAISONS = _avec_cache(Combinaisons)
BOULE = _avec_cache(HistoireBoule)
GAINS = _avec_cache(_liste("eras", GainsEre))
ERES = _liste("eras", Ere)
ANNEES = _liste("years", Annee)
