"""Le pire qu'un appelant puisse envoyer : une phrase qui nomme le champ, ni panne ni faux chiffre."""

from typing import Any

import pytest

from referentiels.models import Centre, CentrePoste, VolumeAnnuel
from simulations.models import Scenario, Simulation
from simulations.tests.outils.parcours import finir, lire, petit_reseau, simuler

pytestmark = pytest.mark.django_db


@pytest.fixture
def directions() -> list[Any]:
    return petit_reseau()


def poster(api: Any, chemin: str, corps: Any, statut: int, **entetes: str) -> Any:
    reponse = api.post(chemin, corps, format="json", headers=entetes)
    assert reponse.status_code == statut, reponse.content
    return reponse.json()


def demesure(centre: Centre) -> dict[str, Any]:
    ligne = {"centre_id": centre.pk, "flux": "CO", "sens": "ARRIVEE", "segment": "LOCAL", "volume": 1e12}
    return {"croissance": 1000, "volumes": [ligne]}


def test_un_calcul_immediat_demesure_est_refuse_et_ne_rend_aucun_chiffre_replie(
    api: Any, directions: list[Any]
) -> None:
    tenu = CentrePoste.objects.filter(taches__isnull=False).select_related("centre")[0]
    corps = demesure(tenu.centre)
    for chemin in (
        f"centre/{tenu.centre_id}",
        f"poste/{tenu.pk}",
        f"centre/{tenu.centre_id}/modes",
        f"direction/{tenu.centre.direction_id}/modes",
    ):
        assert "démesurés" in poster(api, f"/api/simulation/{chemin}", corps, 409)["detail"]


def test_l_annee_demandee_est_celle_des_volumes_a_tous_les_niveaux(api: Any, directions: list[Any]) -> None:
    VolumeAnnuel.objects.update(annee=2026)
    ids = list(Centre.objects.values_list("pk", flat=True)[:2])
    for chemin, corps in (
        ("nationale", {}),
        (f"direction/{directions[0].pk}", {}),
        ("centres/batch", {"centre_ids": ids}),
    ):
        simulation = simuler(api, chemin, {**corps, "annee": 2019})
        assert simulation.annee == 2019
        fautes = poster(api, f"/api/async/simulation/{chemin}", {**corps, "annee": "hier"}, 400)
        assert list(fautes["champs"]) == ["annee"]


@pytest.mark.parametrize(
    "analyse", ["sensibilites", "incertitude", "profil", "reequilibrage", "couts", "modes", "metiers"]
)
def test_un_perimetre_absent_de_la_simulation_n_est_pas_un_total_nul(
    api: Any, client_connecte: Any, directions: list[Any], analyse: str
) -> None:
    simulation = simuler(api, f"direction/{directions[0].pk}")
    ailleurs = Centre.objects.filter(direction=directions[1])[0]
    for option, phrase in (
        ({"direction": directions[1].pk}, f"La direction {directions[1].pk} n'est pas dans"),
        ({"centre": ailleurs.pk}, f"Le centre {ailleurs.pk} n'est pas dans"),
        ({"direction": directions[0].pk, "centre": ailleurs.pk}, "n'est pas dans"),
    ):
        chemin = f"/api/simulations/{simulation.pk}/{analyse}"
        assert phrase in lire(api, chemin, 409, **option)["detail"]
    page = client_connecte.get(
        f"/effectifs/simulations/{simulation.pk}/{analyse}", {"direction": directions[1].pk}
    )
    assert page.status_code == 409
    assert "n&#x27;est pas dans" in page.content.decode()


def test_un_identifiant_faux_est_dit_faux_sans_borne_a_dix_neuf_chiffres(
    api: Any, directions: list[Any]
) -> None:
    simulation = simuler(api)
    for faux in ("abc", "-1", "1e309", "9" * 30, "0", "1,5"):
        fautes = lire(api, f"/api/simulations/{simulation.pk}/couts", 400, direction=faux)["champs"]
        assert fautes == {"direction": [f"« {faux} » n'est pas un identifiant."]}


@pytest.mark.parametrize(
    ("champ", "valeur", "cite"),
    [
        ("nom", ["a"], '["a"]'),
        ("nom", {"a": 1}, '{"a": 1}'),
        ("nom", 3, "3"),
        ("nom", "a\ud800", "caractère"),
        ("nom", "a\x00b", "caractère"),
        ("description", ["a"], '["a"]'),
        ("description", "\x00", "caractère"),
        ("description", "\udfff", "caractère"),
        ("annee", [], "[]"),
        ("volumes", {}, "liste"),
        ("volumes", 0, "liste"),
        ("mode", [], "[]"),
        ("global_params", [], "objet"),
        ("centres_params", 0, "objet"),
    ],
)
def test_un_scenario_refuse_un_texte_qu_une_base_ne_garde_pas_et_une_forme_qui_n_est_pas_la_bonne(
    api: Any, champ: str, valeur: Any, cite: str
) -> None:
    import json

    corps = json.dumps({"nom": "Hypothèse", champ: valeur})
    reponse = api.post("/api/scenarios", corps, content_type="application/json")
    assert reponse.status_code == 400, reponse.content
    assert cite in reponse.json()["champs"][champ][0]
    assert not Scenario.objects.exists()


def test_une_description_garde_ses_lignes(api: Any) -> None:
    lu = poster(api, "/api/scenarios", {"nom": "Été", "description": "une\r\ndeux\ttrois"}, 201)
    assert lu["description"] == "une\r\ndeux\ttrois"


def test_simuler_un_scenario_refuse_un_champ_inconnu_plutot_que_de_lancer_le_pays(
    api: Any, directions: list[Any]
) -> None:
    pk = poster(api, "/api/scenarios", {"nom": "Base"}, 201)["id"]
    fautes = poster(api, f"/api/scenarios/{pk}/simuler", {"direction": directions[0].pk}, 400)
    assert fautes["champs"] == {"direction": ["Champ inconnu. Permis : direction_id, centre_ids."]}
    assert not Simulation.objects.exists()


def test_la_cle_d_idempotence_d_un_scenario_est_bornee(api: Any, directions: list[Any]) -> None:
    pk = poster(api, "/api/scenarios", {"nom": "Base"}, 201)["id"]
    fautes = poster(api, f"/api/scenarios/{pk}/simuler", {}, 400, **{"Idempotency-Key": "x" * 101})
    assert list(fautes["champs"]) == ["Idempotency-Key"]


def test_la_simulation_d_un_scenario_dit_ce_qu_elle_a_fait_de_ses_volumes(
    api: Any, directions: list[Any]
) -> None:
    ici, ailleurs = (Centre.objects.filter(direction=d)[0] for d in directions)
    volumes = [
        {"centre_id": c.pk, "flux": "CO", "sens": "ARRIVEE", "segment": "LOCAL", "volume": 5}
        for c in (ici, ailleurs)
    ]
    pk = poster(api, "/api/scenarios", {"nom": "Base", "volumes": volumes}, 201)["id"]
    corps = {"direction_id": directions[0].pk}
    simulation = finir(poster(api, f"/api/scenarios/{pk}/simuler", corps, 202)["task_id"])
    assert simulation.rapport == {
        "scenario": "Base",
        "total_lignes": 2,
        "matched_centres": 1,
        "unknown_centres": [],
        "ignored_centres": [ailleurs.nom],
        "couverture_annee": {"annee": 2026, "centres": 2, "couverts": 2, "part": 100.0},
        "seuils": {"recruter": 110.0, "surveiller": 102.0, "optimiser": 85.0},
    }


def test_les_volumes_d_un_centre_hors_du_lot_sont_ignores_et_dits(api: Any, directions: list[Any]) -> None:
    dedans, dehors = Centre.objects.all()[:2]
    ligne = {"centre_id": dehors.pk, "flux": "CO", "sens": "ARRIVEE", "segment": "LOCAL", "volume": 5}
    simulation = simuler(api, "centres/batch", {"centre_ids": [dedans.pk], "volumes": [ligne]})
    assert simulation.rapport["matched_centres"] == 0
    assert simulation.rapport["ignored_centres"] == [str(dehors.pk)]
    immediate = poster(api, f"/api/simulation/centre/{dedans.pk}", {"volumes": [ligne]}, 200)
    assert immediate["report"]["ignored_centres"] == [str(dehors.pk)]


def test_un_nom_de_plusieurs_centres_demande_un_code(api: Any, directions: list[Any]) -> None:
    un, autre = Centre.objects.order_by("pk")[:2]
    Centre.objects.filter(pk__in=(un.pk, autre.pk)).update(nom="Sidi Fictif")
    ligne = {"centre_label": "SIDI FICTIF", "flux": "CO", "sens": "ARRIVEE", "segment": "LOCAL", "volume": 5}
    fautes = poster(api, "/api/async/simulation/nationale", {"volumes": [ligne]}, 400)["champs"]
    assert un.code in fautes["volumes[0].centre_label"][0]
    assert autre.code in str(fautes)
    avec_code = {"volumes": [{**ligne, "centre_label": un.code}]}
    assert simuler(api, "nationale", avec_code).rapport["matched_centres"] == 1


def test_un_champ_qui_ne_nomme_rien_est_cite_au_rapport(api: Any, directions: list[Any]) -> None:
    simulation = simuler(api, "nationale", {"temps_morts": 30, "productivite": 90})
    assert simulation.rapport["ignored_fields"] == ["temps_morts"]
    assert "ignored_fields" not in simuler(api, "nationale", {"productivite": 90}).rapport


def test_le_mois_demande_est_garde_avec_la_simulation(api: Any, directions: list[Any]) -> None:
    simulation = simuler(api, "nationale", {"mois": 3})
    assert (simulation.parametres["mois"], simulation.parametres["part_du_mois"]) == (3, 8.33)


@pytest.mark.parametrize(
    ("corps", "phrase"),
    [
        (b"{", "Corps JSON illisible à la ligne 1, colonne 2."),
        (b'{"productivite": NaN}', "Corps JSON illisible : NaN et Infinity ne sont pas des nombres."),
        (b"\xff\xfe", "Corps illisible : du JSON en UTF-8 est attendu."),
    ],
)
def test_un_json_illisible_est_dit_en_francais(api: Any, corps: bytes, phrase: str) -> None:
    reponse = api.post("/api/async/simulation/nationale", corps, content_type="application/json")
    assert (reponse.status_code, reponse.json()["detail"]) == (400, phrase)


def test_une_simulation_inconnue_est_dite_en_francais(api: Any) -> None:
    inconnue = "00000000-0000-0000-0000-000000000000"
    for chemin in (f"/api/async/task/{inconnue}", f"/api/simulations/{inconnue}/couts", "/api/scenarios/9"):
        assert "matches" not in lire(api, chemin, 404)["detail"]


def test_une_valeur_refusee_est_citee_courte_et_comme_on_l_a_ecrite(api: Any, directions: list[Any]) -> None:
    centre = Centre.objects.all()[0]
    for valeur, cite in (
        (None, None),
        (True, "« true »"),
        ("1\u00a0234,5", "« 1 234,5 »"),
        (-1e9, "−1\u202f000\u202f000\u202f000 est"),
        ("9" * 500, "9" * 80 + "…"),
    ):
        statut = 200 if cite is None else 400
        corps = poster(api, f"/api/simulation/centre/{centre.pk}", {"jours_ouvres": valeur}, statut)
        assert cite is None or cite in corps["detail"]
    assert len(lire(api, "/api/simulations", 400, direction="9" * 500)["detail"]) < 200


@pytest.mark.parametrize("cellule", ["co.nulle.part", ["co.arrive.local"], 3])
def test_une_cellule_inconnue_est_nommee(api: Any, directions: list[Any], cellule: Any) -> None:
    corps = {"volumes": [{"centre_id": Centre.objects.all()[0].pk, "cellule": cellule, "volume": 1}]}
    phrase = poster(api, "/api/async/simulation/nationale", corps, 400)["champs"]["volumes[0]"][0]
    assert phrase.startswith("Cellule « ")
    assert "co.arrive.local" in phrase


def test_la_couverture_d_une_direction_inconnue_n_est_pas_de_cent_pour_cent(
    api_staff: Any, client_connecte: Any, directions: list[Any]
) -> None:
    for option in ("direction", "centre"):
        assert list(lire(api_staff, "/api/couverture", 400, **{option: 10**9})["champs"]) == [option]
    page = client_connecte.get("/effectifs/couverture", {"direction": "999999"})
    assert page.status_code == 404


@pytest.mark.parametrize("cible", ["centre/{centre}", "centre/{centre}/modes", "direction/{direction}/modes"])
def test_un_calcul_immediat_refuse_un_champ_inconnu(api: Any, directions: list[Any], cible: str) -> None:
    centre = Centre.objects.all()[0]
    adresse = "/api/simulation/" + cible.format(centre=centre.pk, direction=centre.direction_id)
    ligne = {"centre_id": centre.pk, "cellule": "co.recu.gc.local", "volume": 5, "couleur": 1}
    fautes = poster(api, adresse, {"temps_morts": 30, "volumes": [ligne]}, 400)["champs"]
    assert {"temps_morts", "volumes[].couleur"} <= set(fautes)


def test_un_scenario_refuse_un_champ_inconnu(api: Any, db: None) -> None:
    assert "couleur" in poster(api, "/api/scenarios", {"nom": "Base", "couleur": 1}, 400)["champs"]


def test_le_lancement_dit_ce_qu_il_ignore(api: Any, directions: list[Any]) -> None:
    recu = poster(api, "/api/async/simulation/nationale", {"temps_morts": 30}, 202)
    assert recu["ignored_fields"] == ["temps_morts"]
    assert "ignored_fields" not in poster(api, "/api/async/simulation/nationale", {}, 202)
