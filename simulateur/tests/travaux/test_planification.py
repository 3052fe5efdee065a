"""Les planifications déclarées : posées une fois, jamais réécrites."""

import pydoc

import pytest
from django.utils import timezone
from django_q.models import Schedule

from simulateur.travaux import planification
from simulateur.travaux.installation import installer_planifications
from simulateur.travaux.planification import Planification, declarees

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]


def test_les_planifications_livrees_sont_creees_une_seule_fois():
    installer_planifications()
    noms = list(Schedule.objects.values_list("name", flat=True))
    assert sorted(noms) == sorted(plan.nom for plan in declarees())


def test_une_planification_modifiee_par_l_exploitant_reste_la_sienne():
    Schedule.objects.filter(name="noyau : canari").update(minutes=7)
    installer_planifications()
    assert Schedule.objects.get(name="noyau : canari").minutes == 7


def test_une_planification_manquante_est_recreee(monkeypatch):
    Schedule.objects.filter(name="noyau : faucheur").delete()
    nouvelle = Planification(
        nom="essai : nuit", fonction="simulateur.travaux.entrees.canari", cron="30 3 * * *"
    )
    monkeypatch.setattr(planification, "_DECLAREES", [*declarees(), nouvelle])
    installer_planifications()
    assert Schedule.objects.filter(name="noyau : faucheur").exists()
    nuit = Schedule.objects.get(name="essai : nuit")
    assert nuit.next_run > timezone.now()
    assert timezone.localtime(nuit.next_run).strftime("%H:%M") == "03:30"


def test_chaque_planification_livree_designe_une_fonction_qui_existe():
    assert all(callable(pydoc.locate(plan.fonction)) for plan in declarees())
