"""Une planification n'exécute que ce que le projet déclare, pour un super-utilisateur aussi."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django_q.models import Schedule
from django_q.tasks import schedule

from simulateur.travaux import garde
from simulateur.travaux.installation import installer_planifications

pytestmark = pytest.mark.django_db
CANARI = "simulateur.travaux.entrees.canari"


@pytest.mark.parametrize(
    "champs",
    [
        {"func": "os.system", "args": "'true'"},
        {"func": "subprocess.run"},
        {"func": CANARI, "args": "1"},
        {"func": CANARI, "hook": "os.system"},
        {"func": garde.REPRISE, "schedule_type": Schedule.HOURLY},
    ],
)
def test_le_modele_refuse_ce_qui_n_est_pas_du_projet(champs: dict[str, Any]) -> None:
    avant = Schedule.objects.count()
    with pytest.raises(ValidationError):
        Schedule.objects.create(name="essai", **champs)
    with pytest.raises(ValidationError):
        schedule(champs["func"], hook=champs.get("hook"), schedule_type=Schedule.HOURLY, name="essai", a=1)
    assert Schedule.objects.count() == avant


def test_l_admin_refuse_et_ne_propose_que_les_fonctions_du_projet(client_staff: Any) -> None:
    ajout = reverse("admin:django_q_schedule_add")
    page = client_staff.get(ajout).content.decode()
    assert f'<option value="{CANARI}"' in page
    assert 'name="args"' not in page
    donnees = {
        "name": "essai", "func": "os.system", "schedule_type": "H", "repeats": "-1", "args": "'true'",
        "next_run_0": "01/01/2030", "next_run_1": "06:00:00",
    }  # fmt: skip
    refus = client_staff.post(ajout, donnees)
    assert refus.status_code == 200
    assert not Schedule.objects.filter(name="essai").exists()
    assert client_staff.post(ajout, {**donnees, "func": CANARI}).status_code == 302
    assert Schedule.objects.get(name="essai").args in ("", None)


def test_celles_d_avant_la_garde_sont_ecartees_et_les_livrees_restent() -> None:
    livrees = set(Schedule.objects.values_list("name", flat=True))
    Schedule.objects.bulk_create(
        [Schedule(name="ancienne", func="os.system", args="'true'", next_run=timezone.now())]
    )
    installer_planifications()
    assert set(Schedule.objects.values_list("name", flat=True)) == livrees
