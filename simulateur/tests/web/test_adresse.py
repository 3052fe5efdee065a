"""L'adresse d'un client ne se choisit pas ; qui s'y trompe trop attend, quel que soit le compte."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from django.urls import reverse

from simulateur.api.conventions import JETONS_MANQUES_MAX
from simulateur.pages.connexion import CONNEXIONS_MANQUEES_MAX
from simulateur.tests.outils.jetons import secret_pour
from simulateur.web.adresse import adresse_du_client


@pytest.mark.parametrize(
    ("frontaux", "dit", "lue"),
    [
        (0, "9.9.9.9", "10.0.0.1"),
        (1, "9.9.9.9", "9.9.9.9"),
        (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"),
        (2, "6.6.6.6, 9.9.9.9, 10.0.0.2", "9.9.9.9"),
        (2, "9.9.9.9", "10.0.0.1"),
        (1, "n'importe quoi", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_le_client_ne_choisit_pas_son_adresse(settings: Any, frontaux: int, dit: str, lue: str) -> None:
    settings.PROXYS_DE_CONFIANCE = frontaux
    requete = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": dit})
    assert adresse_du_client(requete) == lue


@pytest.mark.django_db
def test_une_adresse_qui_essaie_des_comptes_attend_et_une_autre_entre() -> None:
    get_user_model().objects.create_user("titulaire", password="le-bon-mot-de-passe")
    client = Client()

    def essayer(nom: str, mot: str, adresse: str) -> int:
        donnees = {"username": nom, "password": mot}
        dit = f"6.6.6.{len(nom)}"  # un en-tête que personne de confiance n'a écrit
        return client.post(
            reverse("connexion"), donnees, REMOTE_ADDR=adresse, headers={"X-Forwarded-For": dit}
        ).status_code

    statuts = [essayer(f"compte{n}", "rien", "10.0.0.1") for n in range(CONNEXIONS_MANQUEES_MAX)]
    assert set(statuts) == {200}
    assert essayer("titulaire", "le-bon-mot-de-passe", "10.0.0.1") == 429
    assert essayer("titulaire", "le-bon-mot-de-passe", "10.0.0.2") == 302


@pytest.mark.django_db
def test_deviner_des_jetons_est_arrete_et_le_bon_passe_encore(client: Client, utilisateur: Any) -> None:
    bon = secret_pour(utilisateur)

    def appeler(jeton: str, dit: str) -> int:
        entetes = {"Authorization": f"Token {jeton}", "X-Forwarded-For": dit}
        return client.get("/api/centres", headers=entetes).status_code

    statuts = [appeler(f"{n:040x}", f"6.6.6.{n}") for n in range(JETONS_MANQUES_MAX + 5)]
    assert statuts == [401] * JETONS_MANQUES_MAX + [429] * 5
    assert appeler(bon, "") == 200


@pytest.mark.django_db
def test_les_mesures_vont_aux_reseaux_dits_ou_au_jeton(client: Client, settings: Any) -> None:
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="8.8.8.8").status_code == 403
    settings.METRICS_JETON = "un-jeton-de-mesures"
    for recu, statut in (("un-jeton-de-mesures", 200), ("un-autre", 403), ("", 403)):
        entetes = {"Authorization": f"Bearer {recu}"}
        assert client.get("/metrics", REMOTE_ADDR="8.8.8.8", headers=entetes).status_code == statut
