"""La révision des tirages : toute écriture, une à une ou de masse, la touche dans sa transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models, transaction

from simulateur.cache import revisions

PORTEE_TIRAGES = "euromillions:tirages"
PORTEE_GRILLES = "euromillions:grilles"


# Vrai dès qu'un changement a eu lieu dans le bloc `une_seule_revision` en cours ; None hors d'un bloc.
_changement_en_attente: ContextVar[list[bool] | None] = ContextVar("changement_en_attente", default=None)


def marquer_changement() -> int:
    """Donne un numéro neuf à la révision des tirages, dans la transaction courante ; rend ce numéro.

    Dans un bloc `une_seule_revision`, le numéro est donné à la sortie du bloc et 0 est rendu.
    """
    en_attente = _changement_en_attente.get()
    if en_attente is None:
        numero = revisions.toucher([PORTEE_TIRAGES])
        for suite in _suites_d_un_changement:
            suite()
        return numero
    en_attente[0] = True
    return 0


# Appelées dans la transaction de chaque changement, révision déjà touchée (voir `apps`).
_suites_d_un_changement: list[Callable[[], object]] = []


def a_chaque_changement(suite: Callable[[], object]) -> None:
    """Déclare ce qui doit suivre tout changement de tirage, dans la même transaction."""
    if suite not in _suites_d_un_changement:
        _suites_d_un_changement.append(suite)


@contextmanager
def une_seule_revision() -> Iterator[None]:
    """Une transaction qui touche la révision une fois, à la fin, quel que soit le nombre d'écritures."""
    with transaction.atomic():
        en_attente = [False]
        jeton = _changement_en_attente.set(en_attente)
        try:
            yield
        finally:
            _changement_en_attente.reset(jeton)
        if en_attente[0]:
            marquer_changement()


class QuerySetRevise(models.QuerySet[Any, Any]):
    """QuerySet dont chaque écriture de masse touche la révision dans sa propre transaction."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        with transaction.atomic(using=self.db):
            crees = super().bulk_create(objs, *args, **options)
            if crees:
                marquer_changement()
        return crees

    def update(self, **valeurs: Any) -> int:
        with transaction.atomic(using=self.db):
            nombre = super().update(**valeurs)
            if nombre:
                marquer_changement()
        return nombre

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic(using=self.db):
            resultat = super().delete()
            if resultat[0]:
                marquer_changement()
        return resultat

    def _raw_delete(self, using: str | None) -> int:
        with transaction.atomic(using=using):
            nombre: int = super()._raw_delete(using)
            marquer_changement()
        return nombre

    update.alters_data = True  # type: ignore[attr-defined]
    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]
    _raw_delete.alters_data = True  # type: ignore[attr-defined]
