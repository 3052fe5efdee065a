"""Ménage du cache, toutes familles : retire ce qu'une révision plus récente du même nom a remplacé.

Une réponse gardée sous l'empreinte de son état (pages, API) n'a pas d'ordre : elle s'en va à son terme.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from simulateur.cache.donnees import Famille

LOT = 500
_NUMEROTEE = re.compile(r"^(.*)@r(\d+)$")


def nettoyer() -> dict[str, int]:
    """Nombre d'entrées examinées, retirées et gardées, dans tous les caches."""
    bilan = {"examinees": 0, "retirees": 0, "gardees": 0}
    for famille in Famille.connues():
        cles = list(cles_de(famille))
        mortes = _remplacees(cles)
        for lot in _lots(mortes):
            caches[famille.alias].delete_many(lot)
        bilan["examinees"] += len(cles)
        bilan["retirees"] += len(mortes)
        bilan["gardees"] += len(cles) - len(mortes)
    return bilan


def vider(famille: Famille) -> int:
    """Retire toutes les entrées de cette famille ; rend leur nombre."""
    cles = list(cles_de(famille))
    for lot in _lots(cles):
        caches[famille.alias].delete_many(lot)
    return len(cles)


def vider_les_cles(famille: Famille, nom: str) -> None:
    """Retire ce nom de la famille, sous toutes ses révisions."""
    debut = f"{famille.prefixe}:{nom}@"
    caches[famille.alias].delete_many([cle for cle in cles_de(famille) if cle.startswith(debut)])


def cles_de(famille: Famille) -> Iterator[str]:
    """Clés vivantes de la famille, parcourues sans bloquer le serveur."""
    motif = f"{famille.prefixe}:*"
    if settings.CACHES[famille.alias]["BACKEND"].endswith("DatabaseCache"):
        yield from _cles_en_base(famille.alias, motif)
        return
    # « ref:liste » est aussi le début de « ref:liste:autre » : le préfixe entier fait la famille.
    autres = [a.prefixe for a in Famille.connues() if a.prefixe.startswith(f"{famille.prefixe}:")]
    for cle in caches[famille.alias].iter_keys(motif):  # type: ignore[attr-defined]
        if not any(cle.startswith(f"{autre}:") for autre in autres):
            yield cle


def _remplacees(cles: Iterable[str]) -> list[str]:
    """Celles dont le même nom est aussi rangé sous une révision plus récente."""
    par_nom: dict[str, list[tuple[int, str]]] = {}
    for cle in cles:
        if trouve := _NUMEROTEE.match(cle):
            par_nom.setdefault(trouve[1], []).append((int(trouve[2]), cle))
    return [cle for versions in par_nom.values() for _, cle in sorted(versions)[:-1]]


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


def _lots(cles: Iterable[str]) -> Iterator[list[str]]:
    suite = iter(cles)
    while lot := list(islice(suite, LOT)):
        yield lot
