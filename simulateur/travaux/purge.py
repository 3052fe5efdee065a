"""Ce que le noyau garde trop longtemps : sessions expirées, tentatives de connexion, échecs de la file."""

from datetime import timedelta
from importlib import import_module

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone
from django_q.models import Task

CONNEXIONS = (AccessAttempt, AccessLog, AccessFailureLog)
CONNEXIONS_JOURS = 90
ECHECS_JOURS = 90


def purger() -> dict[str, int]:
    """Efface ce qui a fait son temps ; rend le nombre de lignes effacées par sorte."""
    maintenant = timezone.now()
    vieilles = Q(attempt_time__lt=maintenant - timedelta(days=CONNEXIONS_JOURS))
    return {
        "sessions": _sessions_expirees(),
        "connexions": sum(modele.objects.filter(vieilles).delete()[0] for modele in CONNEXIONS),
        "échecs de la file": Task.objects.filter(
            success=False, stopped__lt=maintenant - timedelta(days=ECHECS_JOURS)
        ).delete()[0],
    }


def _sessions_expirees() -> int:
    avant = Session.objects.count()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return avant - Session.objects.count()
