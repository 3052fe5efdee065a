"""Les pages des scénarios."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from simulateur.travaux.machine import executer
from simulations.api import scenarios as api_scenarios
from simulations.models import Scenario, Simulation
from simulations.scenarios import services

pytestmark = pytest.mark.django_db


def _ouvrir(client: Client, adresse: str, statut: int = 200, **options: Any) -> str:
    reponse = client.get(adresse, options)
    assert reponse.status_code == statut, reponse.content[:2000]
    return reponse.content.decode()


def test_un_scenario_se_cree_se_modifie_se_valide_et_se_simule_par_les_pages(
    client_connecte: Client, nationale: Simulation
) -> None:
    centre = nationale.centres.first()
    champs = {
        "nom": "Hausse",
        "productivite": "92,5",
        "heures_jour": "8,5",
        "temps_mort": "15",
        "trajet_minutes": "0",
        "jours_ouvres": "264",
        "shift": "1",
        "mode": "actuel",
        "amana_croissance": "12",
        "volumes": f"{centre.code} ; co.arrive.local ; 1 000,5",
    }
    reponse = client_connecte.post(reverse("simulations:scenario-nouveau"), champs)
    assert reponse.status_code == 302, reponse.content[:3000]
    scenario = Scenario.objects.get()
    assert scenario.jeu_de_parametres.productivite == 92.5
    assert scenario.parametres["croissance"] == {"AMANA": 12}
    assert scenario.volumes == [
        {"centre_id": centre.centre_id, "cellule": "co.arrive.local", "volume": 1000.5}
    ]
    edition = _ouvrir(client_connecte, reverse("simulations:scenario-modifier", args=[scenario.pk]))
    assert "92,5" in edition
    assert "co.arrive.local" in edition
    client_connecte.post(
        reverse("simulations:scenario-modifier", args=[scenario.pk]), {**champs, "temps_mort": ""}
    )
    scenario.refresh_from_db()
    assert scenario.jeu_de_parametres.temps_mort == 0
    assert "Hausse" in _ouvrir(client_connecte, reverse("simulations:scenarios"))
    client_connecte.post(reverse("simulations:scenario-valider", args=[scenario.pk]))
    reponse = client_connecte.post(reverse("simulations:scenario-modifier", args=[scenario.pk]), champs)
    assert reponse.status_code == 302
    client_connecte.post(reverse("simulations:scenario-simuler", args=[scenario.pk]), {"direction_id": ""})
    simulation = scenario.simulations.get()
    executer("simulations.Simulation", str(simulation.pk))
    page = _ouvrir(client_connecte, reverse("simulations:scenario", args=[scenario.pk]))
    assert str(simulation.pk) in page
    assert "Validé le" in page
    client_connecte.post(reverse("simulations:scenario-dupliquer", args=[scenario.pk]))
    copie = Scenario.objects.get(parent=scenario)
    client_connecte.post(reverse("simulations:scenario-supprimer", args=[copie.pk]))
    client_connecte.post(reverse("simulations:scenario-supprimer", args=[scenario.pk]))
    assert list(Scenario.objects.all()) == [scenario]


def test_des_volumes_mal_colles_sont_nommes_par_ligne(client_connecte: Client) -> None:
    page = client_connecte.post(
        reverse("simulations:scenario-nouveau"), {"nom": "X", "volumes": "A ; B\nC ; co.arrive.local ; 3"}
    )
    assert page.status_code == 400
    assert "Ligne 1" in page.content.decode()
    page = client_connecte.post(
        reverse("simulations:scenario-nouveau"), {"nom": "X", "volumes": "NULLE-PART ; co.arrive.local ; 3"}
    )
    assert page.status_code == 400
    assert "NULLE-PART" in page.content.decode()


def test_le_scenario_d_un_autre_ne_se_change_pas(client: Client, utilisateur: Any) -> None:
    scenario = Scenario.objects.create(nom="À moi", proprietaire=utilisateur, parametres={})
    client.force_login(get_user_model().objects.create_user("autre"))
    for geste in ("modifier", "valider", "supprimer"):
        assert client.post(reverse(f"simulations:scenario-{geste}", args=[scenario.pk])).status_code == 403


def _version(page: str) -> str:
    (premiere, *_) = re.findall(r'name="version"[^>]*value="(\w+)"', page)
    return premiere


@pytest.mark.parametrize("geste", ["valider", "supprimer"])
def test_on_ne_valide_ni_ne_supprime_un_scenario_qu_on_n_a_pas_vu(
    client_connecte: Client, utilisateur: Any, geste: str
) -> None:
    scenario = services.creer({"nom": "Base"}, proprietaire=utilisateur)
    vue = _version(_ouvrir(client_connecte, scenario.get_absolute_url()))
    services.modifier(scenario, {"description": "par un autre"})
    adresse = reverse(f"simulations:scenario-{geste}", args=[scenario.pk])
    reponse = client_connecte.post(adresse, {"version": vue}, follow=True)
    assert "Changé entre-temps" in reponse.content.decode()
    assert Scenario.objects.get().etat == "brouillon"


def test_le_formulaire_d_un_scenario_change_est_remontre_avec_les_deux_valeurs(
    client_connecte: Client, utilisateur: Any
) -> None:
    scenario = services.creer({"nom": "Base", "temps_mort": 10}, proprietaire=utilisateur)
    adresse = reverse("simulations:scenario-modifier", args=[scenario.pk])
    saisie = {"nom": "Base", "temps_mort": "25", "version": _version(_ouvrir(client_connecte, adresse))}
    services.modifier(scenario, {"temps_mort": 15})
    refuse = client_connecte.post(adresse, saisie)
    page = unescape(refuse.content.decode())
    assert refuse.status_code == 400
    assert "En base maintenant : « 15 ». Votre saisie : « 25 »." in page
    assert Scenario.objects.get().jeu_de_parametres.temps_mort == 15
    assert client_connecte.post(adresse, {**saisie, "version": _version(page)}).status_code == 302
    assert Scenario.objects.get().jeu_de_parametres.temps_mort == 25


def test_l_api_des_scenarios_prend_if_match(api: Any, utilisateur: Any) -> None:
    scenario = services.creer({"nom": "Base"}, proprietaire=utilisateur)
    adresse = f"/api/scenarios/{scenario.pk}"
    lue = api.get(adresse)["ETag"]
    assert api.patch(adresse, {"nom": "B"}, headers={"If-Match": lue}).status_code == 200
    for reponse in (
        api.patch(adresse, {"nom": "C"}, headers={"If-Match": lue}),
        api.delete(adresse, headers={"If-Match": lue}),
        api.post(f"{adresse}/valider", headers={"If-Match": lue}),
    ):
        assert reponse.status_code == 412, reponse.content
    neuve = api.get(adresse)["ETag"]
    assert api.post(f"{adresse}/valider", headers={"If-Match": neuve}).status_code == 200


def test_l_etiquette_d_un_scenario_est_celle_de_ce_qui_est_rendu(
    api: Any, utilisateur: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changé pendant que la réponse s'écrit : l'étiquette reste celle du corps, et l'écriture est refusée."""
    scenario = services.creer({"nom": "Base"}, proprietaire=utilisateur)
    ecrire = api_scenarios._forme

    def changer_puis_ecrire(lu: Scenario) -> Any:
        Scenario.objects.filter(pk=lu.pk).update(description="par un autre")
        return ecrire(lu)

    adresse = f"/api/scenarios/{scenario.pk}"
    with monkeypatch.context() as pendant:
        pendant.setattr(api_scenarios, "_forme", changer_puis_ecrire)
        lue = api.get(adresse)
    assert lue.json()["description"] == ""
    refusee = api.patch(adresse, {"nom": "B"}, headers={"If-Match": lue["ETag"]})
    assert refusee.status_code == 412
