"""Les sondes de l'exploitation (`/vivant`, `/pret`) et ses mesures (`/metrics`), lues sans se connecter."""

import os
import shutil
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST

from simulateur.exploitation.exposition import exposer
from simulateur.web.adresse import adresse_du_client

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
    """À METRICS_RESEAUX, ou à qui porte METRICS_JETON : un outil de surveillance n'a pas de compte."""
    if not _lit_les_mesures(request):
        raise PermissionDenied
    return HttpResponse(exposer(), content_type=CONTENT_TYPE_LATEST)


def _lit_les_mesures(request: HttpRequest) -> bool:
    attendu, recu = settings.METRICS_JETON, request.headers.get("Authorization", "").removeprefix("Bearer ")
    if attendu and constant_time_compare(recu, attendu):
        return True
    try:
        adresse = ip_address(adresse_du_client(request))
    except ValueError:  # une prise locale n'a pas d'adresse
        return True
    return any(adresse in reseau for reseau in settings.METRICS_RESEAUX)
