"""La page d'essai : sans JavaScript un formulaire, avec lui un fragment ; « garder » a les mêmes chiffres."""

from typing import Any

import pytest
from django.urls import reverse

from simulations.models import Scenario, Simulation
from simulations.moteur.mesures import Sommes
from simulations.tests.outils.parcours import finir

pytestmark = pytest.mark.django_db
PAGE = "simulations:essai"
CHAMPS = {"productivite": "90", "absence_pct": "6", "conges_jours": "26"}


def test_la_page_montre_le_depart_puis_l_essai(client_connecte: Any, directions: list[Any]) -> None:
    depart = client_connecte.get(reverse(PAGE))
    assert "Les hypothèses de départ." in depart.content.decode()
    essai = client_connecte.post(reverse(PAGE), CHAMPS)
    assert essai.context["essai"]["total"]["difference_etp"] > 0
    texte = essai.content.decode()
    assert "productivite : 100 → 90" in texte
    assert "absence_pct : — → 6" in texte
    assert essai.context["essai"]["centres"][0]["centre_label"] in texte


def test_un_curseur_ne_recoit_que_le_resultat(client_connecte: Any, directions: list[Any]) -> None:
    fragment = client_connecte.post(reverse(PAGE), CHAMPS, headers={"HX-Request": "true"}).content.decode()
    assert "<form" not in fragment
    assert "Les centres qui bougent le plus" in fragment
    faux = client_connecte.post(reverse(PAGE), {"absence_pct": "95"}, headers={"HX-Request": "true"})
    assert "hors des bornes : de 0 à 80" in faux.content.decode()


def test_une_saisie_fausse_est_refusee(client_connecte: Any, directions: list[Any]) -> None:
    for champs in ({"absence_pct": "95"}, {"jours_ouvres": "20", "conges_jours": "19"}, {"garder": "1"}):
        reponse = client_connecte.post(reverse(PAGE), champs)
        assert reponse.status_code == 400, champs
        assert reponse.context["form"].errors
    assert client_connecte.get(reverse(PAGE), {"centre_id": 999_999}).status_code == 404
    assert client_connecte.get(reverse(PAGE), {"centre_id": "x"}).status_code == 404


@pytest.mark.parametrize("lieu", ["pays", "direction", "centre"])
def test_garder_fait_un_scenario_et_une_simulation_aux_memes_chiffres(
    client_connecte: Any, directions: list[Any], lieu: str
) -> None:
    centre = directions[0].centres.first()
    ou = {
        "pays": "",
        "direction": f"?direction_id={directions[0].pk}",
        "centre": f"?centre_id={centre.pk}",
    }
    adresse = reverse(PAGE) + ou[lieu]
    total = client_connecte.post(adresse, CHAMPS).context["essai"]["total"]
    assert not Scenario.objects.exists()
    reponse = client_connecte.post(adresse, {**CHAMPS, "nom": "Été", "garder": "1"})
    assert reponse.status_code == 302
    gardee = finir(Simulation.objects.get())
    assert reponse.url == gardee.get_absolute_url()
    assert Scenario.objects.get() == gardee.scenario
    attendus = Sommes.de(gardee).en_bref()
    assert {nom: total[nom] for nom in attendus} == attendus
    deja = client_connecte.post(adresse, {**CHAMPS, "nom": "Été", "garder": "1"})
    assert deja.status_code in (400, 409)
    assert Simulation.objects.count() == 1
