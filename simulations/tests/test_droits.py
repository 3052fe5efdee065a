"""Qui lit une simulation d'autrui n'agit pas sur elle, par aucune porte (docs/metier/effectifs.md#droits)."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from referentiels.models import Tache
from simulateur.tests.outils.droits import DU_LECTEUR, accorder
from simulations.models import Scenario, Simulation
from simulations.tests.outils.parcours import petit_reseau, simuler

pytestmark = pytest.mark.django_db


@pytest.fixture
def d_un_autre(api: Any, utilisateur: Any) -> tuple[Simulation, Scenario]:
    petit_reseau()
    return simuler(api), Scenario.objects.create(nom="Base", proprietaire=utilisateur)


def lecteur(**champs: Any) -> tuple[Client, dict[str, str]]:
    """Un client connecté, et l'en-tête de son jeton."""
    compte = accorder(get_user_model().objects.create_user("lecteur", **champs), *DU_LECTEUR)
    client = Client()
    client.force_login(compte)
    return client, {"Authorization": f"Token {Token.objects.create(user=compte).key}"}


@pytest.mark.parametrize("equipe", [False, True])
def test_un_lecteur_lit_tout_et_n_agit_sur_rien(
    d_un_autre: tuple[Simulation, Scenario], equipe: bool
) -> None:
    simulation, scenario = d_un_autre
    client, jeton = lecteur(is_staff=equipe)
    assert client.get(simulation.get_absolute_url()).status_code == 200
    assert client.get(f"/api/simulations/{simulation.pk}/couts", headers=jeton).status_code == 200
    assert client.get(reverse("simulations:scenario", args=[scenario.pk])).status_code == 200
    avant = (Simulation.objects.count(), Scenario.objects.count(), Tache.objects.count())
    pages = [("rejouer", simulation.pk), ("relancer", simulation.pk), ("conserver", simulation.pk)]
    pages += [(f"scenario-{geste}", scenario.pk) for geste in ("dupliquer", "supprimer", "simuler")]
    rendus = {nom: client.post(reverse(f"simulations:{nom}", args=[cle])).status_code for nom, cle in pages}
    assert rendus.pop("conserver") == 302  # redit pourquoi, sur la simulation
    assert set(rendus.values()) == {403}, rendus
    appels = [
        ("post", f"/api/simulations/{simulation.pk}/rejouer"),
        ("post", f"/api/simulations/{simulation.pk}/conserver"),
        ("delete", f"/api/async/task/{simulation.pk}"),
        ("post", "/api/async/simulation/nationale"),
        ("post", f"/api/scenarios/{scenario.pk}/dupliquer"),
        ("delete", f"/api/scenarios/{scenario.pk}"),
        ("delete", f"/api/taches/{Tache.objects.all()[0].pk}"),
    ]
    statuts = {appel: getattr(client, appel[0])(appel[1], headers=jeton).status_code for appel in appels}
    assert set(statuts.values()) == {403}, statuts
    simulation.refresh_from_db()
    assert not simulation.conservee
    assert (Simulation.objects.count(), Scenario.objects.count(), Tache.objects.count()) == avant


def test_le_lecteur_ne_voit_aucun_bouton_qui_le_refuserait(d_un_autre: tuple[Simulation, Scenario]) -> None:
    client, _ = lecteur()
    for adresse in (
        reverse("simulations:nationale"),
        reverse("simulations:directions"),
        reverse("simulations:liste"),
        reverse("simulations:scenarios"),
        d_un_autre[0].get_absolute_url(),
    ):
        page = client.get(adresse).content.decode()
        for geste in ("Lancer la simulation", "Un lot de centres", "Nouveau scénario", ">Rejouer<"):
            assert geste not in page, (adresse, geste)
