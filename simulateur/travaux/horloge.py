"""L'heure des travaux : celle de la base entre machines, et l'heure locale des planifications.

Deux machines n'ont jamais la même heure ; un battement se compare donc à l'horloge qui l'a daté. Une
planification, elle, suit la pendule du lieu : elle passe une fois par période, la nuit des changements
d'heure comprise.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from croniter import croniter
from django.db import connection
from django.utils import timezone
from django_q.models import Schedule


def heure_de_la_base() -> datetime:
    """L'horloge du serveur PostgreSQL ; sur SQLite, celle de cette machine."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as curseur:
        curseur.execute("SELECT clock_timestamp()")
        (lue,) = curseur.fetchone()
    return lue if isinstance(lue, datetime) else timezone.now()


def prochain_passage(cron: str, apres: datetime, fuseau: tzinfo | None = None) -> datetime:
    """Le premier passage après `apres`, lu sur la pendule locale.

    Une heure qui a lieu deux fois (automne) ne compte qu'à sa première ; une heure sautée (printemps) passe
    juste après le saut.
    """
    fuseau = fuseau or timezone.get_current_timezone()
    # La veille de l'heure demandée : un passage sauté au printemps s'écrit avant elle sur la pendule.
    pendule = apres.astimezone(fuseau).replace(tzinfo=None) - timedelta(hours=2)
    suite = croniter(cron, pendule)
    while True:
        passage: datetime = suite.get_next(datetime).replace(tzinfo=fuseau, fold=0).astimezone(UTC)
        if passage > apres:
            return passage


def suivre_la_pendule() -> None:
    """Remplace le calcul de django-q2, qui double un passage la nuit d'automne."""
    d_origine = Schedule.calculate_next_run

    def calculer(ligne: Schedule, next_run: datetime | None = None) -> Any:
        if ligne.schedule_type == Schedule.CRON:
            return prochain_passage(str(ligne.cron), timezone.now())
        return d_origine(ligne, next_run)

    if d_origine.__module__ != __name__:
        Schedule.calculate_next_run = calculer
