"""Les pages des scénarios et des analyses : elles s'ouvrent, n'écrivent pas, et disent ce que dit l'API."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from simulateur.langue.nombres import nombre, signe
from simulateur.travaux.machine import executer
from simulations.models import Export, Scenario, Simulation
from simulations.tests.outils.parcours import lire, petit_reseau, simuler

pytestmark = pytest.mark.django_db
ANALYSES = ("sensibilites", "incertitude", "profil", "reequilibrage", "couts")


@pytest.fixture
def nationale(api: Any) -> Simulation:
    petit_reseau()
    return simuler(api)


def _ouvrir(client: Client, adresse: str, statut: int = 200, **options: Any) -> str:
    reponse = client.get(adresse, options)
    assert reponse.status_code == statut, reponse.content[:2000]
    return reponse.content.decode()


@pytest.mark.parametrize("analyse", ANALYSES)
def test_chaque_analyse_s_ouvre_a_chaque_niveau_sans_ecrire(
    client_connecte: Client, nationale: Simulation, lecture_seule: Any, analyse: str
) -> None:
    adresse = reverse(f"simulations:{analyse}", args=[nationale.pk])
    centre = nationale.centres.first()
    client_connecte.get(adresse)
    with lecture_seule():
        for options in ({}, {"direction": centre.direction_id}, {"centre": centre.centre_id}):
            _ouvrir(client_connecte, adresse, **options)


def test_la_page_dit_les_chiffres_de_l_api(api: Any, client_connecte: Client, nationale: Simulation) -> None:
    total = lire(api, f"/api/simulations/{nationale.pk}/sensibilites")["total"]
    page = _ouvrir(client_connecte, reverse("simulations:sensibilites", args=[nationale.pk]))
    for effet in total:
        assert signe(effet["etp"], 3) in page
    total = lire(api, f"/api/simulations/{nationale.pk}/incertitude", dispersion=15)["total"]
    page = _ouvrir(client_connecte, reverse("simulations:incertitude", args=[nationale.pk]), dispersion="15")
    assert (
        f"<span>{nombre(total['etp_95'][0], 1)}</span> <span>à {nombre(total['etp_95'][1], 1)}</span>" in page
    )


@pytest.mark.parametrize(
    ("analyse", "options", "champ"),
    [
        ("incertitude", {"dispersion": "beaucoup"}, "dispersion"),
        ("incertitude", {"graine": "1e309"}, "graine"),
        ("reequilibrage", {"mouvements_max": "-3"}, "mouvements_max"),
        ("profil", {"part_1": "5"}, "parts"),
        ("couts", {"niveau": "poste"}, "niveau"),
    ],
)
def test_une_option_fausse_est_nommee_sur_la_page(
    client_connecte: Client, nationale: Simulation, analyse: str, options: dict[str, str], champ: str
) -> None:
    page = _ouvrir(client_connecte, reverse(f"simulations:{analyse}", args=[nationale.pk]), 400, **options)
    assert f"{champ} :" in page


def test_comparer_choisit_puis_montre_pourquoi(
    api: Any, client_connecte: Client, nationale: Simulation
) -> None:
    autre = simuler(api, "nationale", {"productivite": 80})
    adresse = reverse("simulations:comparer")
    assert str(autre.pk) in _ouvrir(client_connecte, adresse)
    page = _ouvrir(client_connecte, adresse, ids=[str(nationale.pk), str(autre.pk)])
    attendu = lire(api, "/api/simulations/comparer", ids=f"{nationale.pk},{autre.pk}")["total"][0]
    assert signe(attendu["difference"]["etp"], 3) in page
    assert signe(attendu["pourquoi"]["capacite"]["etp"], 3) in page
    centre = nationale.centres.first().centre_id
    assert "Agent traitement" in _ouvrir(
        client_connecte, adresse, ids=f"{nationale.pk},{autre.pk}", centre=centre
    )
    assert "ids :" in _ouvrir(client_connecte, adresse, 400, ids=f"{nationale.pk}")


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


def test_un_export_se_demande_se_suit_et_se_telecharge(
    client_connecte: Client, client: Client, nationale: Simulation
) -> None:
    client_connecte.post(
        reverse("simulations:exporter", args=[nationale.pk]), {"format": "csv", "ecriture": "iso"}
    )
    export = Export.objects.get()
    _ouvrir(client_connecte, export.get_absolute_url())
    executer("simulations.Export", str(export.pk))
    _ouvrir(client_connecte, reverse("simulations:export-suivi", args=[export.pk]))
    fichier = reverse("simulations:export-fichier", args=[export.pk])
    assert client_connecte.get(fichier)["Content-Type"] == "application/zip"
    client.force_login(get_user_model().objects.create_user("autre"))
    assert client.get(fichier).status_code == 403


def test_rejouer_et_conserver_depuis_la_page(client_connecte: Client, nationale: Simulation) -> None:
    client_connecte.post(reverse("simulations:conserver", args=[nationale.pk]), {"conservee": "1"})
    nationale.refresh_from_db()
    assert nationale.conservee
    client_connecte.post(reverse("simulations:rejouer", args=[nationale.pk]))
    rejeu = nationale.rejeux.get()
    executer("simulations.Simulation", str(rejeu.pk))
    page = _ouvrir(client_connecte, rejeu.get_absolute_url())
    assert "mêmes chiffres que l" in page


def test_la_couverture_s_ouvre_et_se_filtre(client_connecte: Client, nationale: Simulation) -> None:
    adresse = reverse("simulations:couverture")
    assert "Centre 0" in _ouvrir(client_connecte, adresse)
    direction = nationale.centres.last().direction_id
    _ouvrir(client_connecte, adresse, direction=direction)
    _ouvrir(client_connecte, adresse, 404, direction="abc")


def test_sans_connexion_chaque_page_renvoie_a_la_connexion(client: Client, nationale: Simulation) -> None:
    for adresse in (
        reverse("simulations:scenarios"),
        reverse("simulations:comparer"),
        reverse("simulations:couverture"),
        reverse("simulations:sensibilites", args=[nationale.pk]),
    ):
        assert client.get(adresse).status_code == 302
