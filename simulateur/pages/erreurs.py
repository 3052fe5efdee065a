"""Demande illisible, adresse introuvable, panne : en JSON sous `/api/`, en page ailleurs."""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from simulateur.web import demesure
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
    if request.path.startswith("/api/"):
        return _erreur_api("Erreur interne : elle est journalisée sous l'identifiant de cette requête.", 500)
    return defaults.server_error(request)


def _erreur_api(phrase: str, code: int) -> JsonResponse:
    return JsonResponse({"detail": phrase, "requete": identifiant_courant.get()}, status=code)
