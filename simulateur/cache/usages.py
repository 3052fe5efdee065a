"""Quand un jeton a servi pour la dernière fois : noté dans le cache, recopié en base par la file.

Un GET n'écrit ainsi rien en base. Cache en panne, la date s'arrête ; rien d'autre n'en dépend.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from simulateur.cache.donnees import CacheProtege
from simulateur.cache.memoire import Memoire
from simulateur.models import Jeton

PRECISION_S = 60
GARDE_S = 2 * 86400  # le temps qu'une file arrêtée revienne
_CACHE = CacheProtege("default")
_NOTES: Memoire[int] = Memoire(2_000)


def noter(jeton: Jeton) -> None:
    """Au plus une écriture du cache par minute, par jeton et par processus."""
    maintenant = int(timezone.now().timestamp())
    dernier = _NOTES.lire(jeton.pk)
    if dernier is not None and maintenant - dernier < PRECISION_S:
        return
    _NOTES.garder(jeton.pk, maintenant)
    _CACHE.set(_cle(jeton), maintenant, timeout=GARDE_S)


def completer(jetons: Iterable[Jeton]) -> list[Jeton]:
    """Ces jetons, leur dernier usage à jour de ce que la file n'a pas encore recopié."""
    lus = list(jetons)
    for jeton in lus:
        note = _note(jeton)
        if note is not None and (jeton.utilise_le is None or note > jeton.utilise_le):
            jeton.utilise_le = note
    return lus


def recopier() -> int:
    """Écrit en base les usages notés ; rend le nombre de jetons dont la date a avancé."""
    avances = 0
    for jeton in Jeton.objects.iterator():
        note = _note(jeton)
        if note is not None:
            plus_vieux = Q(utilise_le__isnull=True) | Q(utilise_le__lt=note)
            avances += Jeton.objects.filter(plus_vieux, pk=jeton.pk).update(utilise_le=note)
    return avances


def _note(jeton: Jeton) -> datetime | None:
    lue = _CACHE.get(_cle(jeton))
    return None if lue is None else datetime.fromtimestamp(lue, tz=timezone.get_current_timezone())


def _cle(jeton: Jeton) -> str:
    return f"jeton:usage:{jeton.pk}"
