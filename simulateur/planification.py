"""Planifications Django-Q du projet : déclarées par les applications, modifiables dans l'admin."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django_q.models import Schedule

NOM_CANARI = "principal"


@dataclass(frozen=True)
class Planification:
    """Une planification livrée. `cron` est à l'heure de TIME_ZONE ; sinon `minutes` entre deux passages."""

    nom: str
    fonction: str
    minutes: int = 0
    cron: str = ""


_DECLAREES: list[Planification] = [
    Planification(nom="noyau : canari", fonction="simulateur.travaux.canari", minutes=1),
    Planification(nom="noyau : faucheur", fonction="simulateur.travaux.faucher", minutes=1),
]


def declarer(*planifications: Planification) -> None:
    """À appeler dans `AppConfig.ready` : ligne créée au prochain `migrate`, jamais réécrite ensuite."""
    _DECLAREES.extend(planifications)


def declarees() -> tuple[Planification, ...]:
    return tuple(_DECLAREES)


def installer_planifications(**_: Any) -> None:
    """Crée les lignes manquantes (après `migrate`). Une ligne modifiée par l'exploitant reste la sienne."""
    from django.db import DEFAULT_DB_ALIAS, connections

    if Schedule._meta.db_table not in connections[DEFAULT_DB_ALIAS].introspection.table_names():
        return
    presentes = set(Schedule.objects.values_list("name", flat=True))
    for plan in _DECLAREES:
        if plan.nom in presentes:
            continue
        ligne = Schedule(
            name=plan.nom,
            func=plan.fonction,
            schedule_type=Schedule.CRON if plan.cron else Schedule.MINUTES,
            minutes=plan.minutes or None,
            cron=plan.cron or None,
            repeats=-1,
            next_run=timezone.now(),
        )
        if plan.cron:
            ligne.next_run = ligne.calculate_next_run()
        ligne.save()
