"""Les commandes d'entretien : purge à blanc, couverture des règles."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from referentiels.models import Direction
from referentiels.tests.outils.factories import ProduitFactory, TacheFactory
from simulations.models import Simulation
from simulations.tests.outils.parcours import petit_reseau, simuler

pytestmark = pytest.mark.django_db


def _dire(*arguments: Any, **options: Any) -> str:
    sortie = io.StringIO()
    call_command(*arguments, stdout=sortie, **options)
    return sortie.getvalue()


@pytest.fixture
def nationale(api: Any) -> Simulation:
    petit_reseau()
    return simuler(api)


def test_purger_simulations_compte_a_blanc(nationale: Simulation) -> None:
    Simulation.objects.update(termine_le="2020-01-01T00:00:00Z")
    assert "À blanc : 1 simulation" in _dire("purger_simulations", a_blanc=True)
    assert _dire("purger_simulations").startswith("1 simulation")
    assert not Simulation.objects.exists()
    with pytest.raises(CommandError, match="jours"):
        _dire("purger_simulations", jours=0)


def test_couverture_liste_les_regles_manquantes(nationale: Simulation) -> None:
    TacheFactory(produit=ProduitFactory(code="INVENTE"))
    assert "INVENTE" in _dire("couverture")
    direction = Direction.objects.get(pk=nationale.centres.first().direction_id)
    assert "INVENTE" not in _dire("couverture", direction=direction.code)
    with pytest.raises(CommandError, match="inconnue"):
        _dire("couverture", direction="ZZZ")
