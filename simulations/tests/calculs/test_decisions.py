"""Les décisions : leurs seuils sont des lignes, et une contradiction avec l'écart se dit (#decisions)."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from referentiels.models import CentrePoste, Reglage
from simulations.models import Simulation
from simulations.moteur.calcul import remarque
from simulations.resultats.metiers import metiers
from simulations.tests.outils.reseau import direction_a_simuler

pytestmark = pytest.mark.django_db
PICO = 10**12


@pytest.mark.parametrize(
    ("decision", "etp", "actuel", "arrondi", "contredite"),
    [
        ("Recruter", 1.2, 100, 100, True),
        ("Recruter", 1.6, 100, 200, False),
        ("Optimiser", 0.8, 100, 100, True),
        ("Optimiser", 0.4, 100, 0, False),
        ("Surveiller", 1.05, 100, 100, False),
        ("Maintenir", 1.0, 100, 100, False),
    ],
)
def test_la_contradiction_se_dit_et_s_explique(
    decision: str, etp: float, actuel: int, arrondi: int, contredite: bool
) -> None:
    phrase = remarque(decision, round(etp * PICO), actuel, arrondi)
    assert bool(phrase) is contredite
    if contredite:
        assert phrase.startswith(f"{decision} malgré un écart de 0,0")


@pytest.fixture
def tendue(db: None) -> Any:
    """Deux centres d'un poste chacun : 0,392 ETP pour 0,3 présent, que l'arrondi ramène à 0."""
    direction = direction_a_simuler(2)
    CentrePoste.objects.filter(centre__direction=direction).update(effectif_actuel=Decimal("0.3"))
    return direction


def test_api_page_et_metiers_portent_la_remarque(
    api: Any, client_connecte: Any, simuler: Any, tendue: Any
) -> None:
    lignes = simuler(f"direction/{tendue.pk}")["result"]["data"]["rows"]
    assert [ligne["decision"] for ligne in lignes] == ["Recruter"] * 2
    assert all("Recruter malgré un écart de −0,3" in ligne["remarque"] for ligne in lignes)
    centre = tendue.centres.first()
    corps = api.post(f"/api/simulation/centre/{centre.pk}", {}, format="json").json()
    assert corps["kpis"]["remarque"] == corps["postes"][0]["remarque"] == lignes[0]["remarque"]
    simulation = Simulation.objects.get()
    assert metiers(simulation)["total"]["remarque"]
    page = client_connecte.get(simulation.get_absolute_url()).content.decode()
    assert "Recruter malgré un écart" in page
    page = client_connecte.post(reverse("simulations:centre-simuler", args=[centre.pk]), {"mode": "actuel"})
    assert "Recruter malgré un écart" in page.content.decode()


def test_un_poste_vacant_a_surveiller(api: Any, tendue: Any) -> None:
    CentrePoste.objects.update(effectif_actuel=0)
    centre = tendue.centres.first()
    corps = api.post(f"/api/simulation/centre/{centre.pk}", {}, format="json").json()
    assert (corps["postes"][0]["decision"], corps["kpis"]["decision"]) == ("Surveiller", "Surveiller")


def test_les_seuils_sont_des_lignes_et_un_calcul_garde_les_siens(simuler: Any, tendue: Any) -> None:
    """0,392 pour 0,3 fait 131 %."""
    simuler(f"direction/{tendue.pk}")
    ancienne = Simulation.objects.get()
    seuil = Reglage.objects.get(code="seuil_recruter")
    seuil.valeur = 131.5
    seuil.save()
    data = simuler(f"direction/{tendue.pk}")["result"]["data"]
    assert [ligne["decision"] for ligne in data["rows"]] == ["Surveiller"] * 2
    assert data["report"]["seuils"] == {"recruter": 131.5, "surveiller": 102, "optimiser": 85}
    neuve = Simulation.objects.exclude(pk=ancienne.pk).get()
    assert metiers(neuve)["total"]["decision"] == "Surveiller"
    assert metiers(ancienne)["total"]["decision"] == "Recruter"


def test_des_seuils_dans_le_desordre_sont_refuses() -> None:
    seuil = Reglage.objects.get(code="seuil_surveiller")
    seuil.valeur = 111
    with pytest.raises(ValidationError, match="Surveiller ≤ Recruter"):
        seuil.full_clean()
