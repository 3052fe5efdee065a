"""Les sensibilités."""

from typing import Any

import pytest

from simulations.models import Simulation
from simulations.tests.outils.parcours import lire

pytestmark = pytest.mark.django_db


def test_la_tornade_est_triee_et_la_minute_perdue_coute(api: Any, nationale: Simulation) -> None:
    total = lire(api, f"/api/simulations/{nationale.pk}/sensibilites")["total"]
    tailles = [abs(effet["etp"]) for effet in total]
    assert tailles == sorted(tailles, reverse=True)
    effets = {effet["levier"]: effet["etp"] for effet in total}
    assert effets["temps_mort"] > 0 > effets["productivite"]
    assert set(effets) == {
        *("temps_mort", "productivite", "heures_jour", "absence"),
        *("flux_co_plus", "flux_co_moins"),
    }
