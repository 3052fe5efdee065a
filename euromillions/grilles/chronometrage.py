"""Chronométrer les générations : une ligne `MesurePerformance` et une observation Prometheus chacune."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone
from prometheus_client import Histogram

from euromillions.models import Generation, MesurePerformance
from simulateur.travaux.machine import Annulation, PrisePerdue

JOURS_MAX = 365
GARDE = timedelta(days=JOURS_MAX)
GENERATION_SECONDES = Histogram(
    "simulateur_euromillions_generation_secondes",
    "Durée des générations de grilles",
    ["strategie", "issue"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


@contextmanager
def chronometrer(generation: Generation) -> Iterator[None]:
    """Note la durée d'une exécution et son issue. Annulée ou reprise par un autre : rien n'est noté."""
    debut = time.perf_counter()
    try:
        yield
    except (Annulation, PrisePerdue):
        raise
    except Exception:
        noter(generation, time.perf_counter() - debut, reussie=False)
        raise
    noter(generation, time.perf_counter() - debut, reussie=True)


def noter(generation: Generation, duree_s: float, *, reussie: bool, du_cache: bool = False) -> None:
    MesurePerformance.objects.create(
        strategie=generation.strategie,
        nombre=generation.nombre,
        duree_s=duree_s,
        reussie=reussie,
        du_cache=du_cache,
    )
    issue = "cache" if du_cache else "reussie" if reussie else "echouee"
    GENERATION_SECONDES.labels(generation.strategie, issue).observe(duree_s)


def elaguer() -> int:
    """Supprime les mesures de plus d'un an ; rend leur nombre."""
    return MesurePerformance.objects.filter(le__lt=timezone.now() - GARDE).delete()[0]
