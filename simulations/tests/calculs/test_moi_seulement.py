"""Une direction ou un lot sans main-d'œuvre directe réussit, besoin = présent, et le dit (#niveaux)."""

from typing import Any

import pytest

from referentiels.tests.outils.factories import CentreFactory, CentrePosteFactory, DirectionFactory
from simulations.models import Simulation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("niveau", ["direction", "lot"])
def test_la_moi_seule_reussit_et_se_dit(client_connecte: Any, simuler: Any, niveau: str) -> None:
    centre = CentreFactory()
    CentrePosteFactory(centre=centre, moi=True)
    lancement = (
        (f"direction/{centre.direction_id}", {})
        if niveau == "direction"
        else ("centres/batch", {"centre_ids": [centre.pk]})
    )
    suivi = simuler(*lancement)
    assert suivi["state"] == "SUCCESS", suivi
    data = suivi["result"]["data"]
    assert data["report"]["moi_seulement"] is True
    assert (data["kpis"]["etp_calcule"], data["kpis"]["etp_actuel"], data["kpis"]["ecart_global"]) == (
        1,
        1,
        0,
    )
    page = client_connecte.get(Simulation.objects.get().get_absolute_url()).content.decode()
    assert "indirecte seulement" in page


def test_des_postes_a_dimensionner_sans_tache_restent_un_refus(simuler: Any) -> None:
    centre = CentreFactory(direction=DirectionFactory())
    CentrePosteFactory(centre=centre, moi=True)
    CentrePosteFactory(centre=centre)
    suivi = simuler(f"direction/{centre.direction_id}")
    assert suivi["state"] == "FAILURE"
    assert "n'a aucune tâche active" in suivi["error"]
