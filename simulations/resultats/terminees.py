"""Lire des simulations terminées d'après leurs clés : pour comparer, analyser, exporter."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.db.models import QuerySet

from simulateur.models import Etat
from simulateur.web.refus import Refus
from simulations.models import Simulation


def par_sa_cle(simulation: Simulation) -> str:
    return str(simulation.pk)


def lire_terminees(
    cles: Sequence[UUID | str],
    *,
    nommer: Callable[[Simulation], str] = par_sa_cle,
    parmi: "QuerySet[Simulation] | None" = None,
) -> list[Simulation]:
    """Dans l'ordre des clés, une requête ; Refus si l'une manque (hors de `parmi`) ou n'est pas terminée.

    `nommer` : comment la phrase désigne celle qui n'est pas terminée.
    """
    ids = [_identifiant(cle) for cle in cles]
    connues: QuerySet[Simulation] = Simulation.objects.all() if parmi is None else parmi
    lues = {s.pk: s for s in connues.select_related("scenario").filter(pk__in=ids)}
    for pk in ids:
        if pk not in lues:
            raise _inconnue(pk)
        if lues[pk].etat != Etat.TERMINEE:
            raise Refus(f"La simulation {nommer(lues[pk])} n'est pas terminée.")
    return [lues[pk] for pk in ids]


def _identifiant(cle: UUID | str) -> UUID:
    try:
        return cle if isinstance(cle, UUID) else UUID(cle)
    except ValueError:
        raise _inconnue(cle) from None


def _inconnue(cle: UUID | str) -> Refus:
    return Refus(f"La simulation {cle} n'existe pas ou a été purgée.")
