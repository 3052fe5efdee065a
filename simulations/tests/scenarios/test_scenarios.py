"""Un scénario se nomme, se copie, se valide, se simule ; validé, il ne change plus."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from simulateur.models import Etat
from simulations.models import Scenario, Simulation
from simulations.models.scenarios import ScenarioFige
from simulations.tests.outils.parcours import finir, lire, petit_reseau

pytestmark = pytest.mark.django_db
CORPS = {
    "nom": "Hausse du colis",
    "productivite": 90,
    "global_params": {"croissance": 2, "amana_croissance": 15, "pct_retour": 7, "co_pct_retour": 4},
    "mode": "optimise",
}


@pytest.fixture
def scenario(api: Any) -> dict[str, Any]:
    reponse = api.post("/api/scenarios", CORPS, format="json")
    assert reponse.status_code == 201, reponse.content
    return reponse.json()


def _patch(api: Any, scenario: dict[str, Any], corps: Any) -> Any:
    return api.patch(f"/api/scenarios/{scenario['id']}", corps, format="json")


def test_un_scenario_garde_ses_parametres_croissances_comprises(scenario: dict[str, Any]) -> None:
    parametres = scenario["parametres"]
    assert (parametres["productivite"], parametres["mode"]) == (90, "optimise")
    assert parametres["croissance"] == {"": 2, "AMANA": 15}
    assert parametres["libres"] == {"pct_retour": 7, "co_pct_retour": 4}
    assert scenario["etat"] == "brouillon"


def test_changer_un_champ_garde_les_autres(api: Any, scenario: dict[str, Any]) -> None:
    change = _patch(api, scenario, {"temps_mort": 20}).json()
    assert change["parametres"] == {**scenario["parametres"], "temps_mort": 20}
    assert change["nom"] == scenario["nom"]


def test_une_productivite_tres_basse_survit_a_un_changement(api: Any, scenario: dict[str, Any]) -> None:
    _patch(api, scenario, {"productivite": 0.015})
    assert _patch(api, scenario, {"temps_mort": 1}).json()["parametres"]["productivite"] == 1.5


@pytest.mark.parametrize(
    ("corps", "champ"),
    [
        ({"nom": "  "}, "nom"),
        ({"nom": "x" * 121}, "nom"),
        ({"nom": "x", "annee": 1800}, "annee"),
        ({"nom": "x", "productivite": 0}, "productivite"),
        ({"nom": "x", "global_params": {"inventee": 3}}, "inventee"),
        ({"nom": "x", "description": "d" * 2001}, "description"),
        (
            {"nom": "x", "volumes": [{"centre_id": 999999, "cellule": "co.arrive.local", "volume": 1}]},
            "volumes",
        ),
        (
            {"nom": "x", "volumes": [{"centre_id": 1, "cellule": "co.arrive.local", "volume": "NaN"}]},
            "volumes[0].volume",
        ),
    ],
)
def test_un_champ_faux_est_nomme(api: Any, corps: dict[str, Any], champ: str) -> None:
    reponse = api.post("/api/scenarios", corps, format="json")
    assert reponse.status_code == 400
    assert champ in reponse.json()["champs"]
    assert not Scenario.objects.exists()


def test_deux_scenarios_d_une_personne_n_ont_pas_le_meme_nom(
    api: Any, api_staff: Any, scenario: dict[str, Any]
) -> None:
    reponse = api.post("/api/scenarios", CORPS, format="json")
    assert reponse.status_code == 409
    assert "nom" in reponse.json()["champs"]
    assert api_staff.post("/api/scenarios", CORPS, format="json").status_code == 201


def test_une_copie_est_un_brouillon_lie_a_son_original(
    api: Any, api_staff: Any, scenario: dict[str, Any]
) -> None:
    api.post(f"/api/scenarios/{scenario['id']}/valider")
    copies = [api.post(f"/api/scenarios/{scenario['id']}/dupliquer").json() for _ in range(2)]
    assert [copie["nom"] for copie in copies] == ["Hausse du colis (copie)", "Hausse du colis (copie 2)"]
    for copie in copies:
        assert (copie["parent_id"], copie["etat"]) == (scenario["id"], "brouillon")
        assert copie["parametres"] == scenario["parametres"]
    autre = api_staff.post(f"/api/scenarios/{scenario['id']}/dupliquer", {"nom": "La mienne"}, format="json")
    assert (autre.json()["proprietaire"], autre.json()["nom"]) == ("dominique", "La mienne")


def test_valide_il_ne_change_plus_par_aucune_porte(api: Any, scenario: dict[str, Any]) -> None:
    chemin = f"/api/scenarios/{scenario['id']}"
    assert api.post(f"{chemin}/valider").json()["etat"] == "valide"
    assert api.post(f"{chemin}/valider").status_code == 409
    assert _patch(api, scenario, {"productivite": 50}).status_code == 409
    assert api.delete(chemin).status_code == 409
    fige = Scenario.objects.get()
    fige.nom = "Autre"
    with pytest.raises(ScenarioFige):
        fige.save()
    assert lire(api, chemin)["parametres"] == scenario["parametres"]


def test_la_base_refuse_une_validation_sans_date(scenario: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Scenario.objects.update(etat="valide")
    with pytest.raises(IntegrityError), transaction.atomic():
        Scenario.objects.update(valide_le=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Scenario.objects.update(nom="")


@pytest.mark.parametrize("geste", ["modifier", "valider", "supprimer"])
def test_seuls_le_proprietaire_et_l_equipe_changent_un_scenario(api: Any, api_staff: Any, geste: str) -> None:
    pk = api_staff.post("/api/scenarios", CORPS, format="json").json()["id"]
    gestes = {
        "modifier": lambda client: client.patch(f"/api/scenarios/{pk}", {"temps_mort": 3}, format="json"),
        "valider": lambda client: client.post(f"/api/scenarios/{pk}/valider"),
        "supprimer": lambda client: client.delete(f"/api/scenarios/{pk}"),
    }
    assert gestes[geste](api).status_code == 403
    assert gestes[geste](api_staff).status_code < 300


def test_un_scenario_se_simule_a_tous_les_niveaux(api: Any, scenario: dict[str, Any]) -> None:
    directions = petit_reseau()
    centre = directions[0].centres.first()
    for cible, niveau in (
        ({}, "national"),
        ({"direction_id": directions[0].pk}, "direction"),
        ({"centre_ids": [centre.pk]}, "batch"),
    ):
        reponse = api.post(f"/api/scenarios/{scenario['id']}/simuler", cible, format="json")
        assert reponse.status_code == 202, reponse.content
        simulation = finir(reponse.json()["task_id"])
        assert (simulation.niveau, simulation.etat) == (niveau, "terminee")
        assert simulation.scenario_id == scenario["id"]
        assert simulation.parametres == scenario["parametres"]
    assert lire(api, f"/api/scenarios/{scenario['id']}")["nb_simulations"] == 3
    assert lire(api, "/api/simulations", scenario=scenario["id"])["count"] == 3


@pytest.mark.parametrize(
    "cible", [{"direction_id": 99999}, {"centre_ids": [99999]}, {"direction_id": 1, "centre_ids": [1]}]
)
def test_une_cible_inconnue_ou_double_est_refusee(
    api: Any, scenario: dict[str, Any], cible: dict[str, Any]
) -> None:
    reponse = api.post(f"/api/scenarios/{scenario['id']}/simuler", cible, format="json")
    assert reponse.status_code == 400
    assert not Simulation.objects.exists()


def test_supprimer_un_scenario_annule_sa_simulation_en_cours(api: Any, scenario: dict[str, Any]) -> None:
    petit_reseau()
    chemin = f"/api/scenarios/{scenario['id']}"
    finie = finir(api.post(f"{chemin}/simuler", {}, format="json").json()["task_id"])
    en_file = api.post(f"{chemin}/simuler", {}, format="json").json()["task_id"]
    assert api.delete(chemin).status_code == 204
    assert api.delete(chemin).status_code == 404
    assert finir(en_file).etat == Etat.ANNULEE
    finie.refresh_from_db()
    assert (finie.etat, finie.scenario) == (Etat.TERMINEE, None)


def test_un_scenario_disparu_au_moment_de_simuler_est_un_conflit(
    api: Any, scenario: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from simulations.scenarios import services

    d_origine = services.simuler

    def apres_suppression(lu: Scenario, **options: Any) -> Simulation:
        Scenario.objects.filter(pk=lu.pk).delete()
        return d_origine(lu, **options)

    monkeypatch.setattr(services, "simuler", apres_suppression)
    reponse = api.post(f"/api/scenarios/{scenario['id']}/simuler", {}, format="json")
    assert reponse.status_code == 409


def test_la_liste_filtre_et_compte_en_peu_de_requetes(
    api: Any, scenario: dict[str, Any], compter_requetes: Any
) -> None:
    api.post(f"/api/scenarios/{scenario['id']}/dupliquer")
    with compter_requetes() as requetes:
        corps = lire(api, "/api/scenarios", etat="brouillon", q="colis", mes=1)
    assert corps["count"] == 2
    assert len([r for r in requetes if "simulations_" in r["sql"]]) <= 3
    assert lire(api, "/api/scenarios", etat="valide")["count"] == 0


def test_l_admin_liste_valide_et_copie(client_staff: Any, scenario: dict[str, Any]) -> None:
    adresse = "/admin/simulations/scenario/"
    assert "Hausse du colis" in client_staff.get(adresse).content.decode()
    assert client_staff.get(f"{adresse}{scenario['id']}/change/").status_code == 200
    for action in ("dupliquer", "valider"):
        reponse = client_staff.post(adresse, {"action": action, "_selected_action": [scenario["id"]]})
        assert reponse.status_code == 302, action
    assert Scenario.objects.get(pk=scenario["id"]).est_valide
    assert Scenario.objects.filter(parent_id=scenario["id"]).count() == 1
    assert client_staff.get("/admin/simulations/export/").status_code == 200
