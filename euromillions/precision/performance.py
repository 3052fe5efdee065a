"""Ce qui a vraiment tourné, sur quelques jours : générations chronométrées, précision, cache, système."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TypedDict

import psutil
from django.db.models import Avg, Count, Max, Min, Q, QuerySet
from django.utils import timezone
from django_q.models import OrmQ

from euromillions.models import MesurePerformance, Strategie, Tirage
from euromillions.precision import strategies
from euromillions.precision.strategies import LigneDeStrategie
from simulateur.exploitation import disponibilite, etat_du_cache
from simulateur.mesures.lectures import Lectures, par_famille

PREFIXE_DES_CLES = "em:"
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


class Disponible(TypedDict):
    """`percent` : % des minutes où le canari revenait et le site répondait ; nul sans mesure."""

    days: int
    percent: float | None
    minutes: int
    since: str | None


class Systeme(TypedDict):
    """`uptime` : secondes depuis le départ de ce processus ; la promesse est `availability`."""

    uptime: float
    availability: list[Disponible]
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
    vu = etat_du_cache.serveur()
    lectures = None if vu.trouvees is None else vu.trouvees + (vu.manquees or 0)
    return {
        "cache_status": vu.etat,
        "used_memory": vu.memoire,
        "cache_hits": vu.trouvees,
        "cache_misses": vu.manquees,
        "hit_rate": _taux(vu.trouvees or 0, lectures) if lectures is not None else None,
        "connected_clients": vu.clients,
        "keys": vu.cles,
    }


def _nos_cles() -> LecturesDeNosCles:
    """Lectures de nos propres clés depuis que les mesures existent."""
    nos_lectures = (lues for famille, lues in par_famille().items() if famille.startswith(PREFIXE_DES_CLES))
    lues = sum(nos_lectures, Lectures())
    return {"hits": lues.trouvees, "misses": lues.calculees, "hit_rate": lues.taux}


def _disponible(jours: int) -> Disponible:
    lue = disponibilite.mesurer(jours)
    return {"days": lue.jours, "percent": lue.part, "minutes": lue.minutes, "since": lue.depuis}


def _systeme() -> Systeme:
    tirages = Tirage.objects.aggregate(nombre=Count("pk"), dernier=Max("date"))
    return {
        "uptime": round(time.time() - psutil.Process().create_time(), 1),
        "availability": [_disponible(jours) for jours in (7, 30)],
        "last_draw_date": tirages["dernier"].isoformat() if tirages["dernier"] else None,
        "draws": tirages["nombre"],
        "queue": OrmQ.objects.count(),
    }
