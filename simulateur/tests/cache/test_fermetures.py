"""Fermer partout les sessions d'un compte : la base décide, quoi que tienne le cache."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from simulateur.cache import fermetures
from simulateur.cache.sessions import SessionStore
from simulateur.models import Jeton
from simulateur.tests.outils.jetons import secret_pour

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]
LUE = "/api/euromillions/freshness"


def ouverte(compte: Any) -> Client:
    client = Client()
    client.force_login(compte)
    assert client.get("/").status_code == 200
    return client


def fermee(client: Client) -> bool:
    return client.get("/").status_code == 302 and client.get(LUE).status_code == 401


@pytest.mark.parametrize("jetons", [False, True])
def test_le_geste_ferme_toutes_ses_sessions_et_ses_jetons_au_choix(utilisateur: Any, jetons: bool) -> None:
    ici, ailleurs = ouverte(utilisateur), ouverte(utilisateur)
    autre = ouverte(get_user_model().objects.create_user("autre"))
    api = APIClient(headers={"Authorization": f"Token {secret_pour(utilisateur)}"})
    reponse = ici.post("/compte/fermer-les-sessions", {"jetons": "on"} if jetons else {})
    assert reponse.status_code == 302
    assert fermee(ici)
    assert fermee(ailleurs)
    assert not fermee(autre)
    assert api.get(LUE).status_code == (401 if jetons else 200)
    assert Jeton.objects.exists() is not jetons
    assert not fermee(ouverte(utilisateur))


def test_une_session_restee_au_cache_est_fermee_quand_meme(utilisateur: Any) -> None:
    client = ouverte(utilisateur)
    cle = client.session.session_key
    gardee = dict(SessionStore(cle).items())
    fermetures.tout_fermer(utilisateur, jetons=False)
    assert dict(SessionStore(cle).items()) == gardee
    assert fermee(client)


def test_une_session_fermee_ne_se_rouvre_pas_a_la_fermeture_suivante(utilisateur: Any) -> None:
    fermetures.tout_fermer(utilisateur, jetons=False)
    ancienne = ouverte(utilisateur)
    fermetures.tout_fermer(utilisateur, jetons=False)
    assert fermee(ancienne)


def test_changer_de_mot_de_passe_ferme_les_sessions(utilisateur: Any) -> None:
    client = ouverte(utilisateur)
    utilisateur.set_password("un-autre-mot-de-passe")
    utilisateur.save()
    assert fermee(client)


@pytest.mark.parametrize("geste", ["fermer_les_sessions", "fermer_et_revoquer"])
def test_l_admin_ferme_les_sessions_d_un_compte(client_staff: Client, utilisateur: Any, geste: str) -> None:
    sienne = ouverte(utilisateur)
    secret_pour(utilisateur)
    demande = {"action": geste, "_selected_action": [utilisateur.pk]}
    client_staff.post(reverse("admin:auth_user_changelist"), demande)
    assert fermee(sienne)
    assert Jeton.objects.exists() is (geste == "fermer_les_sessions")
    assert client_staff.get("/").status_code == 200
