"""Pages gardées : une page déjà rendue est resservie tant que rien de ce qu'elle montre n'a changé.

La clé d'une page porte son adresse, ce que son lecteur peut voir, le jour, la version du code et son état :
les révisions de ses données, ou les valeurs dont elle dépend. Une donnée changée change de clé : rien ne se
vide, rien de périmé ne se sert (`simulateur.cache.donnees`).

Ce qui est propre à une personne (son nom, son jeton CSRF, la clé d'un formulaire) n'est pas gardé : la page
porte une marque à sa place, remplie à chaque envoi. Elle sert donc à tous ceux qui voient la même chose.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.html import escape

from simulateur.cache import revisions
from simulateur.cache.cles import cle_de_lecture, hacher
from simulateur.cache.donnees import Famille, lire_ou_calculer

PAGES = Famille("page", duree_s=3600, alias="pages")
Vue = Callable[..., HttpResponse]
Etat = Iterable[object]


def _marque(nom: str) -> str:
    """Que personne ne peut écrire dans un libellé : elle dépend du secret de l'installation."""
    return salted_hmac("simulateur.pages.gardees", nom).hexdigest()


JETON, NOM, CLE = (_marque(nom) for nom in ("jeton", "nom", "cle"))


class _NonGardable(Exception):
    """Une redirection, un refus : servi tel quel, jamais gardé."""

    def __init__(self, reponse: HttpResponse) -> None:
        self.reponse = reponse


def page(etat: Callable[..., Etat]) -> Callable[[Vue], Vue]:
    """Garde la page que rend une vue. `etat`, appelée avec les arguments de la vue, dit de quoi elle dépend.

    `etat` est appelée à chaque lecture, avant la vue : elle vérifie aussi les droits dont la page dépend.
    """

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def lire(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return vue(request, *args, **options)
            return servir(
                request, lambda: etat(request, *args, **options), lambda: vue(request, *args, **options)
            )

        return lire

    return decorer


def servir(
    request: HttpRequest, etat: Callable[[], Etat], rendre: Callable[[], HttpResponse]
) -> HttpResponse:
    """La page de cette adresse dans cet état, du cache si elle y est ; 304 si le navigateur l'a encore."""
    request.page_gardee = True  # type: ignore[attr-defined]
    with revisions.une_lecture():
        if settings.DEBUG or len(messages.get_messages(request)):
            return _remplir(request, rendre())
        return _servir_ou_garder(request, etat(), rendre)


def _servir_ou_garder(request: HttpRequest, etat: Etat, rendre: Callable[[], HttpResponse]) -> HttpResponse:
    cle = cle_de_lecture(request, *etat, bool(request.headers.get("HX-Request")))
    etiquette = f'W/"{hacher(cle, _secret(request), _nom(request))}"'
    if etiquette in request.headers.get("If-None-Match", ""):
        return _sans_garde_du_navigateur(HttpResponseNotModified(), etiquette)
    nom = request.resolver_match.view_name if request.resolver_match else ""
    try:
        corps = lire_ou_calculer(PAGES, nom, cle, lambda: _corps(rendre())).valeur
    except _NonGardable as autre:
        return _remplir(request, autre.reponse)
    return _sans_garde_du_navigateur(_remplir(request, HttpResponse(corps)), etiquette)


def contexte(request: HttpRequest) -> dict[str, str]:
    """Variables de tout gabarit : ce qui est propre à une personne, ou sa marque dans une page gardée."""
    if getattr(request, "page_gardee", False):
        return {"csrf_token": JETON, "nom_du_compte": NOM}
    return {"nom_du_compte": _nom(request)}


def cle_de_formulaire(request: HttpRequest) -> str:
    """La clé qui fait d'un envoi reçu deux fois un seul : neuve à chaque page."""
    return CLE if getattr(request, "page_gardee", False) else str(uuid4())


def _corps(reponse: HttpResponse) -> bytes:
    if reponse.status_code != 200:
        raise _NonGardable(reponse)
    return reponse.content


def _remplir(request: HttpRequest, reponse: HttpResponse) -> HttpResponse:
    corps = reponse.content
    if JETON.encode() in corps:
        corps = corps.replace(JETON.encode(), get_token(request).encode())
    corps = corps.replace(NOM.encode(), escape(_nom(request)).encode())
    reponse.content = corps.replace(CLE.encode(), str(uuid4()).encode())
    return reponse


def _sans_garde_du_navigateur(reponse: HttpResponse, etiquette: str) -> HttpResponse:
    """Le navigateur redemande toujours : il ne connaît pas l'état, mais son étiquette le dit."""
    patch_vary_headers(reponse, ["Cookie", "HX-Request"])
    reponse["ETag"] = etiquette
    reponse["Cache-Control"] = "private, no-cache"
    return reponse


def _nom(request: HttpRequest) -> str:
    compte = getattr(request, "user", None)
    if compte is None or not compte.is_authenticated:
        return ""
    return compte.get_full_name() or compte.get_username()


def _secret(request: HttpRequest) -> str:
    """Le jeton CSRF du navigateur ; sans jeton encore donné, la page n'est jamais celle qu'il a."""
    return str(request.META.get("CSRF_COOKIE") or uuid4())
