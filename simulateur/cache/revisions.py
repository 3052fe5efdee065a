"""Révisions de données : le numéro que porte chaque clé de cache.

Le numéro est écrit dans la transaction qui change les données. Un lecteur lit d'abord la révision, puis
les données : ce qu'il range sous la révision r est au moins aussi récent que r. Une valeur périmée est
donc impossible, même si le cache a été coupé, vidé ou remis entre-temps.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from simulateur.models import Revision

GLOBALE = "tout"
# Les numéros déjà lus dans le bloc `une_lecture` en cours ; None hors d'un bloc.
_lus: ContextVar[dict[str, int] | None] = ContextVar("revisions_lues", default=None)


def lire(*portees: str) -> dict[str, int]:
    """Numéro de chaque portée (0 si jamais touchée), en une seule requête."""
    lus = _lus.get()
    connus = {} if lus is None else lus
    if inconnues := [portee for portee in portees if portee not in connus]:
        trouvees = dict(Revision.objects.filter(pk__in=inconnues).values_list("portee", "numero"))
        connus |= {portee: trouvees.get(portee, 0) for portee in inconnues}
    return {portee: connus[portee] for portee in portees}


def lire_sous(prefixe: str) -> None:
    """Lit d'un coup les portées de ce préfixe, pour les `lire` qui suivent dans ce bloc `une_lecture`."""
    lus = _lus.get()
    if lus is not None:
        lus |= dict(Revision.objects.filter(pk__startswith=prefixe).values_list("portee", "numero"))


@contextmanager
def une_lecture() -> Iterator[None]:
    """Un bloc qui ne fait que lire : chaque portée n'y est lue qu'une fois, avant les données."""
    jeton = _lus.set({})
    try:
        yield
    finally:
        _lus.reset(jeton)


def lire_une(portee: str) -> int:
    return lire(portee)[portee]


def toucher(portees: Iterable[str]) -> int:
    """Donne à ces portées un numéro neuf, dans la transaction courante ; rend ce numéro.

    Le compteur global n'est jamais réutilisé : une portée supprimée puis recréée ne revit pas. Il avance
    au moins jusqu'à l'heure (en microsecondes), car une annulation le ramène en arrière : sans cela, une
    valeur rangée pendant la transaction annulée porterait le numéro de l'écriture suivante.
    """
    voulues = sorted(set(portees))
    if not voulues:
        return 0
    maintenant = timezone.now()
    suivant = Greatest(F("numero") + 1, Value(time.time_ns() // 1000))
    with transaction.atomic():
        if not Revision.objects.filter(pk=GLOBALE).update(numero=suivant, modifie_le=maintenant):
            Revision.objects.get_or_create(pk=GLOBALE)
            Revision.objects.filter(pk=GLOBALE).update(numero=suivant, modifie_le=maintenant)
        numero = Revision.objects.values_list("numero", flat=True).get(pk=GLOBALE)
        Revision.objects.bulk_create(
            [Revision(portee=portee, numero=numero, modifie_le=maintenant) for portee in voulues],
            update_conflicts=True,
            unique_fields=["portee"],
            update_fields=["numero", "modifie_le"],
            batch_size=1000,
        )
    return numero
