"""Les comptes dans l'admin : changer des comptes n'est pas pouvoir devenir super-utilisateur."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]


@pytest.fixture
def administrateur() -> Any:
    compte = get_user_model().objects.create_user("administre", password="x", is_staff=True)
    compte.groups.add(Group.objects.get(name="Administrateur"))
    return compte


@pytest.fixture
def grand() -> Any:
    return get_user_model().objects.create_superuser("grand", password="x")


def _client(compte: Any) -> Client:
    client = Client()
    client.force_login(compte)
    return client


def _corps(compte: Any, **changes: Any) -> dict[str, Any]:
    return {
        "username": compte.username,
        "is_active": "on",
        "is_staff": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
        **changes,
    }


def test_un_administrateur_ne_se_fait_pas_super_utilisateur(administrateur: Any) -> None:
    adresse = reverse("admin:auth_user_change", args=[administrateur.pk])
    corps = _corps(administrateur, is_superuser="on", first_name="Anne")
    assert _client(administrateur).post(adresse, corps).status_code == 302
    administrateur.refresh_from_db()
    assert administrateur.first_name == "Anne"
    assert not administrateur.is_superuser


def test_un_super_utilisateur_en_fait_un_autre(administrateur: Any, grand: Any) -> None:
    adresse = reverse("admin:auth_user_change", args=[administrateur.pk])
    assert _client(grand).post(adresse, _corps(administrateur, is_superuser="on")).status_code == 302
    administrateur.refresh_from_db()
    assert administrateur.is_superuser


@pytest.mark.parametrize("page", ["auth_user_change", "auth_user_delete", "auth_user_password_change"])
def test_un_administrateur_ne_touche_pas_a_un_super_utilisateur(
    page: str, administrateur: Any, grand: Any
) -> None:
    avant = grand.password
    corps = {"post": "yes", "password1": "Autre-mot-1", "password2": "Autre-mot-1", "usable_password": "true"}
    reponse = _client(administrateur).post(reverse(f"admin:{page}", args=[grand.pk]), _corps(grand, **corps))
    assert reponse.status_code == 403
    grand.refresh_from_db()
    assert grand.password == avant


@pytest.mark.parametrize("geste", ["fermer_les_sessions", "fermer_et_revoquer"])
def test_un_administrateur_ne_ferme_pas_les_sessions_d_un_super_utilisateur(
    geste: str, administrateur: Any, grand: Any
) -> None:
    du_grand = _client(grand)
    demande = {"action": geste, "_selected_action": [grand.pk]}
    _client(administrateur).post(reverse("admin:auth_user_changelist"), demande)
    assert du_grand.get("/").status_code == 200
