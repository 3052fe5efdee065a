"""Ménage du cache : ne retire que ce qui est mort, c'est-à-dire rangé sous une révision passée.

Une entrée vivante (révision courante) n'est jamais touchée, ni celles des autres applications.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from euromillions.lectures.familles import FAMILLES

LOT = 500
_REVISION_DONNEES = re.compile(r"@r(\d+)$")


def nettoyer(revision: int) -> dict[str, int]:
    """Nombre d'entrées examinées, retirées et gardées, dans les deux caches."""
    examinees = retirees = 0
    motifs = [("default", f"{famille.prefixe}:*", _REVISION_DONNEES) for famille in FAMILLES]
    for alias, motif, rangee_sous in motifs:
        for lot in _lots(_cles(alias, motif)):
            mortes = [cle for cle in lot if _est_morte(cle, rangee_sous, revision)]
            examinees += len(lot)
            if mortes:
                _retirer(alias, mortes)
                retirees += len(mortes)
    return {"examinees": examinees, "retirees": retirees, "gardees": examinees - retirees}


def _est_morte(cle: str, rangee_sous: re.Pattern[str], revision: int) -> bool:
    trouve = rangee_sous.search(cle)
    return trouve is not None and int(trouve[1]) < revision


def _cles(alias: str, motif: str) -> Iterator[str]:
    if _en_base(alias):
        return _cles_en_base(alias, motif)
    cles: Iterator[str] = caches[alias].iter_keys(motif)  # type: ignore[attr-defined]
    return cles


def _cles_en_base(alias: str, motif: str) -> Iterator[str]:
    """Clés non expirées du cache en base ; celles qui le sont, Django les écarte lui-même."""
    cache: Any = caches[alias]
    modele = cache.make_key(motif.replace("_", r"\_").replace("*", "%"))
    nom = connection.ops.quote_name(cache._table)
    with connection.cursor() as curseur:
        curseur.execute(
            f"SELECT cache_key FROM {nom} WHERE cache_key LIKE %s ESCAPE %s AND expires > %s",
            [modele, "\\", timezone.now().replace(microsecond=0, tzinfo=None)],
        )
        debut = len(cache.make_key(""))
        yield from (ligne[0][debut:] for ligne in curseur.fetchall())


def _retirer(alias: str, cles: list[str]) -> None:
    caches[alias].delete_many(cles)


def _en_base(alias: str) -> bool:
    return bool(settings.CACHES[alias]["BACKEND"].endswith("DatabaseCache"))


def _lots(cles: Iterable[str]) -> Iterator[list[str]]:
    suite = iter(cles)
    while lot := list(islice(suite, LOT)):
        yield lot
