"""Les parts d'une simulation et leurs instantanés partagés."""

from typing import Any

import pytest

from simulations.models import Instantane, PartSimulation, Simulation
from simulations.tests.outils.parcours import simuler

pytestmark = pytest.mark.django_db


def test_deux_simulations_du_meme_referentiel_partagent_leurs_instantanes(
    api: Any, nationale: Simulation
) -> None:
    simuler(api, "nationale", {"productivite": 50})
    assert Instantane.objects.count() == 2
    assert PartSimulation.objects.count() == 4
