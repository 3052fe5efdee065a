"""Demande illisible, adresse introuvable, panne : en JSON sous `/api/`, en page ailleurs."""

import sys

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views import defaults

from simulateur.web import base_en_panne, demesure
from simulateur.web.intergiciels import identifiant_courant


def introuvable(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith("/api/"):
        return _erreur_api("Cette adresse n'existe pas.", 404)
    return defaults.page_not_found(request, exception)


def illisible(request: HttpRequest, exception: SuspiciousOperation) -> HttpResponse:
    if request.path.startswith("/api/"):
        return _erreur_api(demesure.phrase(exception), demesure.statut(exception))
    return defaults.bad_request(request, exception)


def en_panne(request: HttpRequest) -> HttpResponse:
    if phrase := base_en_panne.phrase(sys.exc_info()[1]):
        reponse = _base_en_panne(request, phrase)
        reponse["Retry-After"] = str(base_en_panne.REESSAYER_S)
        return reponse
    if request.path.startswith("/api/"):
        return _erreur_api("Erreur interne : elle est journalisée sous l'identifiant de cette requête.", 500)
    return defaults.server_error(request)


def _base_en_panne(request: HttpRequest, phrase: str) -> HttpResponse:
    """Sans le contexte des pages : il lirait la base."""
    if request.path.startswith("/api/"):
        return _erreur_api(phrase, 503)
    return HttpResponse(render_to_string("503.html", {"phrase": phrase}), status=503)


def _erreur_api(phrase: str, code: int) -> JsonResponse:
    return JsonResponse({"detail": phrase, "requete": identifiant_courant.get()}, status=code)
