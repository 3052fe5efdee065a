"""La purge du noyau : ce qui a fait son temps part, le reste demeure."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django_q.models import Task

from simulateur.travaux import entrees, planification

pytestmark = pytest.mark.django_db


def poser() -> None:
    """Une ligne à effacer et une à garder de chaque sorte."""
    maintenant = timezone.now()
    for rang, jours in enumerate((100, 10)):
        Session.objects.create(
            session_key=f"s{rang}", session_data="", expire_date=maintenant + timedelta(days=50 - jours)
        )
        for modele in (AccessAttempt, AccessLog):
            champs = {"failures_since_start": 1} if modele is AccessAttempt else {}
            ligne = modele.objects.create(username=f"compte{rang}", ip_address="10.0.0.1", **champs)
            modele.objects.filter(pk=ligne.pk).update(attempt_time=maintenant - timedelta(days=jours))
        quand = maintenant - timedelta(days=jours)
        Task.objects.create(
            id=f"t{rang}", name=f"t{rang}", func="f", started=quand, stopped=quand, success=False
        )


@pytest.mark.panne("sessions, connexions, échecs qui s'accumulent", "purgés chaque nuit, le récent reste")
def test_la_purge_efface_ce_qui_a_fait_son_temps_et_rien_d_autre() -> None:
    poser()
    assert entrees.purger() == {"sessions": 1, "connexions": 2, "échecs de la file": 1}
    assert list(Session.objects.values_list("session_key", flat=True)) == ["s1"]
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["compte1"]
    assert list(AccessLog.objects.values_list("username", flat=True)) == ["compte1"]
    assert list(Task.objects.values_list("name", flat=True)) == ["t1"]


def test_la_purge_passe_chaque_nuit_et_se_lance_a_la_main(capsys: pytest.CaptureFixture[str]) -> None:
    (nuit,) = [p for p in planification.declarees() if p.fonction == "simulateur.travaux.entrees.purger"]
    assert nuit.cron
    poser()
    call_command("purger_noyau")
    assert "1 sessions" in capsys.readouterr().out
