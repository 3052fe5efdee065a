"""Gardes à poser autour d'un appel dans un test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections

LECTURES = ("SELECT", "EXPLAIN", "SHOW", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


class EcritureInterdite(AssertionError):
    """Une requête a voulu écrire là où le test ne permet que de lire."""


def _refuser_les_ecritures(
    executer: Callable[..., Any], sql: str, params: Any, many: bool, contexte: Any
) -> Any:
    ordre = sql.lstrip(" (\n").upper()
    if not ordre.startswith(LECTURES) or " FOR UPDATE" in ordre:
        raise EcritureInterdite(f"Écriture pendant une lecture : {sql[:300]}")
    return executer(sql, params, many, contexte)


@contextmanager
def lecture_seule_de_la_base() -> Iterator[None]:
    """Toute écriture en base lève EcritureInterdite ; prouve qu'un GET n'écrit jamais."""
    gardes = [connexion.execute_wrapper(_refuser_les_ecritures) for connexion in connections.all()]
    for garde in gardes:
        garde.__enter__()
    try:
        yield
    finally:
        for garde in reversed(gardes):
            garde.__exit__(None, None, None)
