"""manage.py purger_simulations."""

import pytest
from django.core.management import CommandError

from simulations.models import Simulation
from simulations.tests.outils.commandes import dire

pytestmark = pytest.mark.django_db


def test_purger_simulations_compte_a_blanc(nationale: Simulation) -> None:
    Simulation.objects.update(termine_le="2020-01-01T00:00:00Z")
    assert "À blanc : 1 simulation" in dire("purger_simulations", a_blanc=True)
    assert dire("purger_simulations").startswith("1 simulation")
    assert not Simulation.objects.exists()
    with pytest.raises(CommandError, match="jours"):
        dire("purger_simulations", jours=0)
