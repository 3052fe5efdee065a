"""L'arrondi d'un calcul se choisit par toutes les portes, se garde avec lui et se dit (#arrondi, #pont)."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from referentiels.models import CentrePoste, Reglage
from simulateur.langue.nombres import nombre
from simulations.models import Scenario, Simulation
from simulations.resultats.pont import pont_en_mots
from simulations.tests.outils.commandes import dire
from simulations.tests.outils.reseau import direction_a_simuler

pytestmark = pytest.mark.django_db
# Deux postes de 0,392 ETP dans deux centres, 0,34 présent chacun.
ARRONDIS = {"poste": 0.0, "centre": 0.0, "demi": 1.0, "aucun": 0.78}


@pytest.fixture
def direction(db: None) -> Any:
    direction = direction_a_simuler(2)
    CentrePoste.objects.update(effectif_actuel=Decimal("0.34"))
    return direction


@pytest.mark.parametrize(("arrondi", "attendu"), ARRONDIS.items())
def test_l_api_le_prend_le_garde_et_le_rend(
    simuler: Any, direction: Any, arrondi: str, attendu: float
) -> None:
    data = simuler(f"direction/{direction.pk}", {"arrondi": arrondi})["result"]["data"]
    kpis = data["kpis"]
    assert (kpis["etp_arrondi"], data["parametres"]["arrondi"]) == (attendu, arrondi)
    assert kpis["etp_actuel"] == 0.68
    assert kpis["ecart_global"] == pytest.approx(attendu - 0.68)
    assert kpis["a_pourvoir"] + kpis["en_trop"] == pytest.approx(kpis["ecart_global"])
    assert kpis["etp_actuel"] + kpis["besoin_calcule"] + kpis["effet_arrondi"] == pytest.approx(attendu)
    assert "ignored_fields" not in data["report"]
    assert Simulation.objects.get().jeu_de_parametres.arrondi == arrondi


def test_sans_choix_c_est_celui_du_reglage(
    api: Any, client_connecte: Any, simuler: Any, direction: Any
) -> None:
    Reglage.objects.filter(code="arrondi").update(valeur=4)
    data = simuler(f"direction/{direction.pk}")["result"]["data"]
    assert (data["parametres"]["arrondi"], data["kpis"]["etp_arrondi"]) == ("aucun", 0.78)
    centre = direction.centres.first()
    corps = api.post(f"/api/simulation/centre/{centre.pk}", {}, format="json").json()
    assert corps["kpis"]["etp_arrondi"] == 0.39
    page = client_connecte.get(reverse("simulations:centre-simuler", args=[centre.pk])).content.decode()
    assert '<option value="aucun" selected>' in page


def test_un_arrondi_inconnu_est_refuse_en_nommant_les_permis(api: Any, direction: Any) -> None:
    reponse = api.post(
        f"/api/async/simulation/direction/{direction.pk}", {"arrondi": "dizaine"}, format="json"
    )
    assert reponse.status_code == 400
    assert "poste, centre, demi, aucun" in str(reponse.json())


def test_une_page_le_choisit_et_dit_le_pont(client_connecte: Any, direction: Any) -> None:
    centre = direction.centres.first()
    adresse = reverse("simulations:centre-simuler", args=[centre.pk])
    page = client_connecte.post(adresse, {"mode": "actuel", "arrondi": "demi"}).content.decode()
    calcule = nombre(Decimal(1000 * 12) / 3600 / Decimal("8.5"), 2)
    assert (
        f"Il faut {calcule} ETP pour 0,34 présents ; l&#x27;arrondi à la demi-personne ajoute 0,11 ; "
        "écart +0,16, soit 0,16 à pourvoir et 0,0 en trop." in page
    )


def test_la_commande_le_choisit_et_dit_le_pont(direction: Any) -> None:
    centre = direction.centres.first()
    assert "l'arrondi au centième" in dire("simuler", "centre", centre.code, arrondi="aucun")
    lu = dire("simuler", "direction", direction.code, arrondi="demi", sur_place=True)
    assert "l'arrondi à la demi-personne ajoute" in lu
    corps = json.loads(
        dire("simuler", "direction", direction.code, arrondi="demi", sur_place=True, json=True)
    )
    assert corps["data"]["parametres"]["arrondi"] == "demi"


def test_un_scenario_le_porte_et_la_comparaison_en_fait_une_cause(
    api: Any, simuler: Any, direction: Any
) -> None:
    pk = api.post("/api/scenarios", {"nom": "Demi", "arrondi": "demi"}, format="json").json()["id"]
    assert Scenario.objects.get(pk=pk).parametres["arrondi"] == "demi"
    api.patch(f"/api/scenarios/{pk}", {"productivite": 100}, format="json")
    assert Scenario.objects.get(pk=pk).parametres["arrondi"] == "demi"
    cles = [simuler(f"direction/{direction.pk}", corps)["task_id"] for corps in ({}, {"arrondi": "demi"})]
    corps = api.get("/api/simulations/comparer", {"ids": ",".join(cles)}).json()
    pourquoi = corps["total"][0]["pourquoi"]
    assert {code: effet["ecart"] for code, effet in pourquoi.items() if effet["ecart"]} == {"arrondi": 1.0}
    assert not any(effet["etp"] for effet in pourquoi.values())
    assert [c["code"] for c in corps["composantes"]][-1] == "arrondi"


def test_la_phrase_du_pont_dit_quand_l_arrondi_ne_change_rien() -> None:
    mesures: Any = {
        "etp_calcule": 12.0,
        "etp_actuel": 12.75,
        "etp_arrondi": 12.0,
        "effet_arrondi": 0.0,
        "ecart": -0.75,
        "a_pourvoir": 0.0,
        "en_trop": -0.75,
    }
    assert pont_en_mots(mesures, "poste") == (
        "Il faut 12,00 ETP pour 12,75 présents ; l'arrondi par poste ne change rien ; "
        "écart −0,75, soit 0,0 à pourvoir et 0,75 en trop."
    )
