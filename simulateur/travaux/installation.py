"""Poser dans la base les planifications que les applications déclarent."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone
from django_q.models import Schedule

from simulateur.travaux.garde import ecarter_les_inconnues
from simulateur.travaux.planification import declarees


def installer_planifications(**_: Any) -> None:
    """Crée les lignes manquantes (après `migrate`). Une ligne modifiée par l'exploitant reste la sienne."""
    if Schedule._meta.db_table not in connections[DEFAULT_DB_ALIAS].introspection.table_names():
        return
    ecarter_les_inconnues()
    presentes = set(Schedule.objects.values_list("name", flat=True))
    for plan in declarees():
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
