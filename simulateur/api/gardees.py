"""Réponses JSON gardées : les octets déjà écrits, resservis tant que rien de ce qu'ils disent n'a changé."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from simulateur.cache import revisions
from simulateur.cache.cles import cle_de_lecture
from simulateur.cache.donnees import Famille, lire_ou_calculer
from simulateur.cache.memoire import Memoire
from simulateur.mesures.metriques import CACHE_LECTURES
from simulateur.web import reserves

REPONSES = Famille("api", duree_s=3600, alias="pages")  # des octets, pas du JSON à relire
# Par processus : huit mégaoctets au plus.
OCTETS_MAX = 32 * 1024
_EN_MEMOIRE: Memoire[bytes] = Memoire(256)
Etat = Iterable[object]


def repondre(request: Request, etat: Callable[[], Etat], corps: Callable[[], Any]) -> HttpResponse:
    """Le JSON de `corps()` à cette adresse dans cet état, 304 si le client l'a déjà (`If-None-Match`).

    Droits et limites d'appel sont jugés avant, par la vue : seule l'écriture de la réponse est gardée.
    """
    with revisions.une_lecture():
        return _repondre_ou_garder(request, etat(), corps)


def _repondre_ou_garder(request: Request, etat: Etat, corps: Callable[[], Any]) -> HttpResponse:
    cle = cle_de_lecture(request, *etat)
    etiquette = f'W/"{cle}"'
    if etiquette in request.headers.get("If-None-Match", ""):
        reponse: HttpResponse = HttpResponseNotModified()
    else:
        nom = request.resolver_match.view_name if request.resolver_match else ""
        octets = _octets(nom, cle, lambda: reserves.pour(request.user, corps()))
        reponse = HttpResponse(octets, content_type="application/json")
    patch_vary_headers(reponse, ["Cookie", "Authorization"])
    reponse["ETag"] = etiquette
    reponse["Cache-Control"] = "private, no-cache"
    return reponse


def _octets(nom: str, cle: str, corps: Callable[[], Any]) -> bytes:
    """De la mémoire de ce processus, sinon du cache, sinon écrits."""
    if (gardes := _EN_MEMOIRE.lire(cle)) is not None:
        CACHE_LECTURES.labels(REPONSES.prefixe, "memoire").inc()
        return gardes
    octets: bytes = lire_ou_calculer(REPONSES, nom, cle, lambda: _ecrire(corps())).valeur
    return octets if len(octets) > OCTETS_MAX else _EN_MEMOIRE.garder(cle, octets)


def _ecrire(corps: Any) -> bytes:
    octets: bytes = JSONRenderer().render(corps)
    return octets
