"""Chronométrer : une mesure par exécution faite ou manquée, aucune pour une exécution abandonnée."""

from datetime import timedelta

import pytest
from django.utils import timezone

from euromillions.grilles.chronometrage import GARDE, chronometrer, elaguer, noter
from euromillions.models import Generation, MesurePerformance
from simulateur.travaux.machine import Annulation, PrisePerdue

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]
GENERATION = Generation(strategie="random", nombre=3)


def test_une_execution_reussie_se_note():
    with chronometrer(GENERATION):
        pass
    mesure = MesurePerformance.objects.get()
    assert (mesure.strategie, mesure.nombre, mesure.reussie, mesure.du_cache) == ("random", 3, True, False)
    assert mesure.duree_s >= 0


def test_un_echec_se_note_et_se_propage():
    with pytest.raises(ZeroDivisionError), chronometrer(GENERATION):
        raise ZeroDivisionError
    assert MesurePerformance.objects.get().reussie is False


@pytest.mark.parametrize("abandon", [Annulation, PrisePerdue])
def test_une_execution_annulee_ou_reprise_ne_se_note_pas(abandon):
    with pytest.raises(abandon), chronometrer(GENERATION):
        raise abandon
    assert not MesurePerformance.objects.exists()


def test_passe_un_an_une_mesure_est_elaguee():
    for age in (GARDE - timedelta(hours=1), GARDE + timedelta(hours=1)):
        noter(GENERATION, 1.0, reussie=True)
        dernier = MesurePerformance.objects.latest("pk")
        MesurePerformance.objects.filter(pk=dernier.pk).update(le=timezone.now() - age)
    assert elaguer() == 1
    assert MesurePerformance.objects.count() == 1
