"""Ce qui a vraiment tourné, sur quelques jours : générations chronométrées, précision, cache, système."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, TypedDict

import psutil
from django.core.cache import caches
from django.db.models import Avg, Count, Max, Min, Q, QuerySet
from django.utils import timezone
from django_q.models import OrmQ
from prometheus_client import CollectorRegistry, multiprocess

from euromillions.models import MesurePerformance, Strategie, Tirage
from euromillions.precision import strategies
from euromillions.precision.strategies import LigneDeStrategie
from simulateur.cache.donnees import disjoncteur
from simulateur.mesures.metriques import CACHE_LECTURES

PREFIXE_DES_CLES = "em:"
TROUVEES = ("trouve", "attendu")
JOURS_PAR_DEFAUT = 7


class Resume(TypedDict):
    """Durées en secondes, taux en %."""

    total_generations: int
    average_generation_time: float | None
    fastest_generation: float | None
    slowest_generation: float | None
    cache_hit_rate: float | None
    success_rate: float | None
    strategies_used: dict[str, int]


class ResumeDeLaPeriode(Resume):
    period_days: int


class ServeurDeCache(TypedDict):
    cache_status: str
    used_memory: str | None
    cache_hits: int | None
    cache_misses: int | None
    hit_rate: float | None
    connected_clients: int | None
    keys: int | None


class LecturesDeNosCles(TypedDict):
    hits: int
    misses: int
    hit_rate: float | None


class CacheMesure(ServeurDeCache):
    own_keys: LecturesDeNosCles


class Systeme(TypedDict):
    uptime: float
    last_draw_date: str | None
    draws: int
    queue: int


class BilanDePerformance(TypedDict):
    performance_summary: ResumeDeLaPeriode
    strategies: list[LigneDeStrategie]
    cache_performance: CacheMesure
    system: Systeme
    analysis_period_days: int


def bilan(jours: int) -> BilanDePerformance:
    """Réponse de `performance-metrics` pour les `jours` derniers jours. Durées en secondes, taux en %."""
    depuis = timezone.now() - timedelta(days=jours)
    mesures = MesurePerformance.objects.filter(le__gte=depuis)
    return {
        "performance_summary": {"period_days": jours, **_resume(mesures)},
        "strategies": strategies.en_lignes(
            strategies.lire(depuis=timezone.localdate() - timedelta(days=jours)).valeur
        ),
        "cache_performance": {**_serveur_de_cache(), "own_keys": _nos_cles()},
        "system": _systeme(),
        "analysis_period_days": jours,
    }


def _resume(mesures: QuerySet[MesurePerformance]) -> Resume:
    executees = Q(du_cache=False)
    lu = mesures.aggregate(
        total=Count("pk"),
        executees=Count("pk", filter=executees),
        reussies=Count("pk", filter=executees & Q(reussie=True)),
        servies=Count("pk", filter=Q(du_cache=True)),
        moyenne=Avg("duree_s", filter=executees & Q(reussie=True)),
        rapide=Min("duree_s", filter=executees & Q(reussie=True)),
        lente=Max("duree_s", filter=executees & Q(reussie=True)),
        cachables=Count("pk", filter=~Q(strategie=Strategie.HASARD)),
    )
    par_strategie = dict(mesures.order_by().values_list("strategie").annotate(nombre=Count("pk")))
    return {
        "total_generations": lu["total"],
        "average_generation_time": lu["moyenne"],
        "fastest_generation": lu["rapide"],
        "slowest_generation": lu["lente"],
        "cache_hit_rate": _taux(lu["servies"], lu["cachables"]),
        "success_rate": _taux(lu["reussies"], lu["executees"]),
        "strategies_used": {nom: par_strategie[nom] for nom in Strategie.values if nom in par_strategie},
    }


def _taux(partie: int, total: int) -> float | None:
    return round(100 * partie / total, 2) if total else None


def _serveur_de_cache() -> ServeurDeCache:
    """Chiffres du serveur de cache, toutes clés confondues ; des `null` s'il n'en donne pas."""
    client = getattr(caches["default"], "client", None)
    if client is None:
        return _cache_muet("database")
    if disjoncteur.ouvert("default"):
        return _cache_muet("unavailable")
    try:
        serveur = client.get_client()
        info, cles = serveur.info(), serveur.dbsize()
    except Exception as erreur:
        disjoncteur.declencher("default", erreur)
        return _cache_muet("unavailable")
    trouvees, manquees = int(info["keyspace_hits"]), int(info["keyspace_misses"])
    return {
        "cache_status": "connected",
        "used_memory": info["used_memory_human"],
        "cache_hits": trouvees,
        "cache_misses": manquees,
        "hit_rate": _taux(trouvees, trouvees + manquees),
        "connected_clients": info["connected_clients"],
        "keys": cles,
    }


def _cache_muet(etat: str) -> ServeurDeCache:
    return {
        "cache_status": etat,
        "used_memory": None,
        "cache_hits": None,
        "cache_misses": None,
        "hit_rate": None,
        "connected_clients": None,
        "keys": None,
    }


def _nos_cles() -> LecturesDeNosCles:
    """Lectures de nos propres clés depuis le démarrage : tous les processus s'ils partagent leurs mesures."""
    trouvees = manquees = 0
    for echantillon in _echantillons():
        if not echantillon.labels.get("famille", "").startswith(PREFIXE_DES_CLES):
            continue
        if echantillon.labels["issue"] in TROUVEES:
            trouvees += int(echantillon.value)
        else:
            manquees += int(echantillon.value)
    return {"hits": trouvees, "misses": manquees, "hit_rate": _taux(trouvees, trouvees + manquees)}


def _echantillons() -> Iterator[Any]:
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registre = CollectorRegistry()
        multiprocess.MultiProcessCollector(registre)
        familles = registre.collect()
    else:
        familles = CACHE_LECTURES.collect()
    for famille in familles:
        for echantillon in famille.samples:
            if echantillon.name == "simulateur_cache_lectures_total":
                yield echantillon


def _systeme() -> Systeme:
    tirages = Tirage.objects.aggregate(nombre=Count("pk"), dernier=Max("date"))
    return {
        "uptime": round(time.time() - psutil.Process().create_time(), 1),
        "last_draw_date": tirages["dernier"].isoformat() if tirages["dernier"] else None,
        "draws": tirages["nombre"],
        "queue": OrmQ.objects.count(),
    }
