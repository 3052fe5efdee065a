"""Les sondes de l'exploitation (`/vivant`, `/pret`) et ses mesures (`/metrics`), lues sans se connecter."""

import os
import shutil

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST

from simulateur.exploitation.exposition import exposer

PLACE_MIN = 1024 * 1024  # octets libres sous lesquels une écriture échouerait


@login_not_required
def vivant(request: HttpRequest) -> HttpResponse:
    """Le processus répond ; ne touche ni la base ni le cache."""
    return HttpResponse("vivant\n", content_type="text/plain; charset=utf-8")


@login_not_required
def pret(request: HttpRequest) -> JsonResponse:
    """200 si la base répond et s'écrit. Un cache en panne est signalé sans rendre le service indisponible."""
    try:
        base = _base_s_ecrit()
    except Exception:
        base = False
    try:
        caches["default"].set("sonde:pret", 1, 5)
        cache = caches["default"].get("sonde:pret") == 1
    except Exception:
        cache = False
    return JsonResponse({"base": base, "cache": cache}, status=200 if base else 503)


def _base_s_ecrit() -> bool:
    """Sans rien écrire : une base de secours ou un fichier protégé sont en lecture seule."""
    with connection.cursor() as curseur:
        if connection.vendor != "postgresql":
            curseur.execute("SELECT 1")
            chemin = str(connection.settings_dict["NAME"])
            return not os.path.exists(chemin) or (os.access(chemin, os.W_OK) and _a_de_la_place(chemin))
        curseur.execute("SELECT current_setting('transaction_read_only')")
        (lecture_seule,) = curseur.fetchone()
    return bool(lecture_seule == "off")


def _a_de_la_place(chemin: str) -> bool:
    return shutil.disk_usage(os.path.dirname(os.path.abspath(chemin))).free >= PLACE_MIN


@login_not_required
def mesures(request: HttpRequest) -> HttpResponse:
    return HttpResponse(exposer(), content_type=CONTENT_TYPE_LATEST)
