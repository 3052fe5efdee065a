"""Pages du noyau : accueil, sondes et mesures."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views import defaults
from prometheus_client import CONTENT_TYPE_LATEST

from simulateur.mesures import metriques
from simulateur.web.intergiciels import identifiant_courant


def accueil(request: HttpRequest) -> HttpResponse:
    return render(request, "simulateur/accueil.html")


@login_not_required
def vivant(request: HttpRequest) -> HttpResponse:
    """Le processus répond ; ne touche ni la base ni le cache."""
    return HttpResponse("vivant\n", content_type="text/plain; charset=utf-8")


@login_not_required
def pret(request: HttpRequest) -> JsonResponse:
    """200 si la base répond. Un cache en panne est signalé sans rendre le service indisponible."""
    try:
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1")
        base = True
    except Exception:
        base = False
    try:
        caches["default"].set("sonde:pret", 1, 5)
        cache = caches["default"].get("sonde:pret") == 1
    except Exception:
        cache = False
    return JsonResponse({"base": base, "cache": cache}, status=200 if base else 503)


@login_not_required
def mesures(request: HttpRequest) -> HttpResponse:
    return HttpResponse(metriques.exposer(), content_type=CONTENT_TYPE_LATEST)


def introuvable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 : en JSON sous /api/, comme toutes les erreurs de l'API ; en page ailleurs."""
    if request.path.startswith("/api/"):
        return _erreur_api("Cette adresse n'existe pas.", 404)
    return defaults.page_not_found(request, exception)


def en_panne(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return _erreur_api("Erreur interne : elle est journalisée sous l'identifiant de cette requête.", 500)
    return defaults.server_error(request)


def _erreur_api(phrase: str, code: int) -> JsonResponse:
    return JsonResponse({"detail": phrase, "requete": identifiant_courant.get()}, status=code)
