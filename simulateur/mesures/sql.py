"""Les requêtes SQL d'une requête HTTP : comptées, et journalisées quand elles traînent."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest
from django.utils.functional import LazyObject

journal = logging.getLogger("simulateur.lenteurs")
SQL_MONTRE = 500  # caractères


class Compte:
    """Un `execute_wrapper` : compte les requêtes, dit celles qui passent SQL_LENT_MS."""

    def __init__(self, request: HttpRequest) -> None:
        self.nombre, self._request = 0, request

    def __call__(
        self, executer: Callable[..., Any], sql: str, params: Any, plusieurs: bool, contexte: Any
    ) -> Any:
        self.nombre += 1
        debut = time.perf_counter()
        try:
            return executer(sql, params, plusieurs, contexte)
        finally:
            duree_ms = 1000 * (time.perf_counter() - debut)
            if duree_ms >= settings.SQL_LENT_MS:
                # Sans ses valeurs : elles peuvent nommer des personnes.
                ecrit = " ".join(sql.split())[:SQL_MONTRE]
                journal.warning(
                    "SQL lent, %.0f ms, compte %s : %s", duree_ms, compte_connu(self._request), ecrit
                )


def compte_connu(request: HttpRequest) -> object:
    """La clé du compte s'il est déjà lu : le lire ici serait une requête de plus."""
    lu = getattr(request, "_cached_user", None) or request.__dict__.get("user")
    return "inconnu" if lu is None or isinstance(lu, LazyObject) else lu.pk or "aucun"


@contextmanager
def compter_les_requetes(request: HttpRequest) -> Iterator[Compte]:
    compte = Compte(request)
    with connections["default"].execute_wrapper(compte):
        yield compte
