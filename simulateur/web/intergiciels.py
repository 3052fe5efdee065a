"""Intergiciels du noyau : identifiant de requête, mesure, barre finale des chemins de l'API."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from simulateur.mesures.metriques import REQUETES, REQUETES_SECONDES, REQUETES_SQL
from simulateur.mesures.sql import compte_connu, compter_les_requetes
from simulateur.mesures.sql import journal as lenteurs

Suite = Callable[[HttpRequest], HttpResponse]
identifiant_courant: ContextVar[str] = ContextVar("identifiant_requete", default="-")
METHODES = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
IDENTIFIANT_ADMIS = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


class FiltreIdentifiant(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        # Django journalise les 4xx et 5xx une fois les intergiciels quittés : la requête porte le sien.
        requete = getattr(record, "request", None)
        record.requete = getattr(requete, "identifiant", None) or identifiant_courant.get()
        return True


class IdentifiantRequete:
    """Donne à chaque requête un identifiant (celui du client s'il est bien formé), rendu et journalisé."""

    def __init__(self, suite: Suite) -> None:
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponse:
        recu = request.headers.get("X-Request-ID", "")
        identifiant = recu if IDENTIFIANT_ADMIS.match(recu) else secrets.token_hex(8)
        request.identifiant = identifiant  # type: ignore[attr-defined]
        jeton = identifiant_courant.set(identifiant)
        try:
            reponse = self.suite(request)
        finally:
            identifiant_courant.reset(jeton)
        reponse["X-Request-ID"] = identifiant
        return reponse


class Mesure:
    """Compte et chronomètre chaque requête sous le nom de sa vue (jamais son chemin : il est infini).

    Une requête qui passe REQUETE_LENTE_MS est journalisée avec son compte ; son identifiant y est déjà.
    """

    def __init__(self, suite: Suite) -> None:
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponse:
        debut = time.perf_counter()
        with compter_les_requetes(request) as requetes:
            reponse = self.suite(request)
        duree_s = time.perf_counter() - debut
        vue = request.resolver_match.view_name if request.resolver_match else "inconnue"
        # Le client peut inventer des méthodes : une étiquette par invention remplirait la mémoire.
        methode = request.method if request.method in METHODES else "autre"
        REQUETES.labels(methode, vue, reponse.status_code).inc()
        REQUETES_SECONDES.labels(vue).observe(duree_s)
        REQUETES_SQL.labels(vue).observe(requetes.nombre)
        if 1000 * duree_s >= settings.REQUETE_LENTE_MS:
            lenteurs.warning(
                "requête lente, %.0f ms, %d SQL, compte %s : %s %s",
                *(1000 * duree_s, requetes.nombre, compte_connu(request), methode, request.path),
            )
        return reponse


class BarreFinaleApi:
    """`/api/regions/` répond comme `/api/regions` : le contrat s'écrit sans barre finale."""

    def __init__(self, suite: Suite) -> None:
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/") and request.path_info.endswith("/"):
            request.path_info = request.path_info.rstrip("/")
            request.path = request.path.rstrip("/")
        return self.suite(request)


class PageDeMethodeRefusee:
    """Un 405 de Django est une page blanche ; on y arrive en se reconnectant après avoir cliqué un bouton."""

    def __init__(self, suite: Suite) -> None:
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.suite(request)
        if not isinstance(reponse, HttpResponseNotAllowed) or request.method != "GET" or reponse.content:
            return reponse
        page = render(request, "405.html", status=405)
        page["Allow"] = reponse["Allow"]
        return page
