"""Le profil de l'année."""

from typing import Any

import pytest

from simulations.models import Simulation
from simulations.tests.outils.parcours import lire

pytestmark = pytest.mark.django_db


def test_le_profil_trouve_le_mois_de_pointe(api: Any, nationale: Simulation) -> None:
    parts = "5,5,5,5,5,5,5,5,5,5,30,20"
    corps = lire(api, f"/api/simulations/{nationale.pk}/profil", parts=parts)
    assert corps["total"]["pointe"] == 11
    assert "parts" in lire(api, f"/api/simulations/{nationale.pk}/profil", 400, parts="1,2")["champs"]
    assert (
        "parts" in lire(api, f"/api/simulations/{nationale.pk}/profil", 400, parts="9," * 11 + "9")["champs"]
    )
