"""La taille du pays : deux mille centres, un demi-million de tâches. Les sommes y sont justes à l'unité."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Sum

from referentiels.models import Centre, Tache
from simulateur.models import Etat
from simulations.models import Simulation
from simulations.tests.outils.parcours import simuler

pytestmark = [pytest.mark.complet, pytest.mark.django_db]
CENTRES = 2000


MESURES = ("heures_pico", "etp_pico", "arrondi_centiemes", "actuel_centiemes", "ecart_centiemes")


def _totaux(simulation: Simulation) -> dict[str, int]:
    return {mesure: getattr(simulation, mesure) for mesure in MESURES}


def _sommes(lignes: Any) -> dict[str, int]:
    return lignes.aggregate(**{mesure: Sum(mesure) for mesure in MESURES})


def test_le_pays_entier_se_simule_et_chaque_niveau_fait_la_somme_du_precedent(api: Any) -> None:
    call_command("charger_demo", centres=CENTRES, verbosity=0)
    assert Centre.objects.count() == CENTRES
    assert Tache.objects.count() > 450_000
    pays = simuler(api, "nationale")
    assert pays.etat == Etat.TERMINEE
    assert pays.nb_centres > 0.99 * CENTRES
    assert pays.postes.count() == pays.nb_postes > 15_000
    # En entiers : à l'unité près, donc exactement.
    assert _sommes(pays.centres) == _sommes(pays.postes) == _totaux(pays)

    # Une seconde fois, cartes en cache, puis direction par direction : les mêmes totaux.
    assert _totaux(simuler(api, "nationale")) == _totaux(pays)
    cles = set(pays.centres.values_list("direction_id", flat=True))
    directions = [simuler(api, f"direction/{cle}") for cle in cles]
    assert len(directions) >= 12
    assert {mesure: sum(getattr(une, mesure) for une in directions) for mesure in MESURES} == _totaux(pays)
