"""Les requêtes SQL d'une requête HTTP : comptées, et journalisées quand elles traînent."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections

journal = logging.getLogger("simulateur.lenteurs")
SQL_MONTRE = 500  # caractères


class Compte:
    """Un `execute_wrapper` : compte les requêtes, dit celles qui passent SQL_LENT_MS."""

    def __init__(self) -> None:
        self.nombre = 0

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
                journal.warning("SQL lent, %.0f ms : %s", duree_ms, " ".join(sql.split())[:SQL_MONTRE])


@contextmanager
def compter_les_requetes() -> Iterator[Compte]:
    compte = Compte()
    with connections["default"].execute_wrapper(compte):
        yield compte
