"""Les calculs immédiats : un centre, un poste, les trois modes."""

import json
from typing import Any

import pytest

from simulations.models import Simulation

pytestmark = pytest.mark.django_db


def test_le_centre_et_le_poste_repondent_tout_de_suite_comme_la_simulation(
    api: Any, nationale: Simulation
) -> None:
    ligne = nationale.centres.first()
    corps = api.post(f"/api/simulation/centre/{ligne.centre_id}", {}, format="json").json()
    assert corps["kpis"]["etp_calcule"] == float(ligne.etp_calcule)
    assert {poste["type"] for poste in corps["postes"]} == {"MOD", "MOI"}
    agent = next(poste for poste in corps["postes"] if poste["type"] == "MOD")
    poste = api.post(f"/api/simulation/poste/{agent['centre_poste_id']}", {}, format="json").json()
    assert poste["etp_calcule"] == agent["etp_calcule"]
    assert sum(t["heures_par_jour"] for t in poste["taches"]) == pytest.approx(poste["heures"])
    assert all("h/jour" in t["formule"] for t in poste["taches"])


def test_les_trois_modes_d_une_direction_tiennent_en_un_appel(
    api: Any, nationale: Simulation, directions: list[Any]
) -> None:
    corps = api.post(f"/api/simulation/direction/{directions[0].pk}/modes", {}, format="json").json()
    assert [mode["mode"] for mode in corps["modes"]] == ["actuel", "recommande", "optimise"]
    assert corps["modes"][0]["difference_etp"] == 0
    etp = sum(ligne.etp_pico for ligne in nationale.centres.filter(direction_id=directions[0].pk))
    assert corps["modes"][0]["etp_calcule"] == etp / 10**12


@pytest.mark.parametrize("valeur", ["NaN", "Infinity", "1e309", -1, "abc", True])
def test_une_valeur_impossible_est_refusee_partout(api: Any, directions: list[Any], valeur: Any) -> None:
    centre = directions[0].centres.first()
    tenu = centre.centre_postes.first()
    for chemin in (
        f"centre/{centre.pk}",
        f"poste/{tenu.pk}",
        f"direction/{directions[0].pk}/modes",
    ):
        reponse = api.post(f"/api/simulation/{chemin}", {"temps_mort": valeur}, format="json")
        assert reponse.status_code == 400, chemin
        assert "temps_mort" in reponse.json()["champs"]


def test_un_corps_qui_n_est_pas_un_objet_est_refuse(api: Any, directions: list[Any]) -> None:
    centre = directions[0].centres.first()
    for chemin in (f"/api/simulation/centre/{centre.pk}", "/api/scenarios"):
        reponse = api.post(chemin, json.dumps([1]), content_type="application/json")
        assert reponse.status_code == 400, chemin


def test_un_centre_inactif_ne_se_simule_pas(api: Any, directions: list[Any]) -> None:
    centre = directions[0].centres.first()
    type(centre).objects.filter(pk=centre.pk).update(actif=False)
    assert api.post(f"/api/simulation/centre/{centre.pk}", {}, format="json").status_code == 409
