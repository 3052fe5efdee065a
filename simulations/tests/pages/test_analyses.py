"""Les pages des analyses : elles s'ouvrent, n'écrivent pas, et disent ce que dit l'API."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from simulateur.langue.nombres import nombre, signe
from simulateur.tests.outils.texte import texte_visible
from simulations.analyses.registre import PAR_CODE
from simulations.models import Simulation
from simulations.tests.outils.parcours import lire, simuler

pytestmark = pytest.mark.django_db


def _ouvrir(client: Client, adresse: str, statut: int = 200, **options: Any) -> str:
    reponse = client.get(adresse, options)
    assert reponse.status_code == statut, reponse.content[:2000]
    return reponse.content.decode()


@pytest.mark.parametrize("analyse", sorted(PAR_CODE))
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
    adresse = reverse("simulations:incertitude", args=[nationale.pk])
    bas, haut = (nombre(borne, 1) for borne in total["etp_95"])
    assert f"{bas} à {haut}" in texte_visible(client_connecte.get(adresse, {"dispersion": "15"}))


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


def test_sans_connexion_chaque_page_renvoie_a_la_connexion(client: Client, nationale: Simulation) -> None:
    for adresse in (
        reverse("simulations:scenarios"),
        reverse("simulations:comparer"),
        reverse("simulations:couverture"),
        reverse("simulations:sensibilites", args=[nationale.pk]),
    ):
        assert client.get(adresse).status_code == 302
