"""Le menu du site : pages visibles, page courante, onglets d'une section et pages de l'onglet ouvert."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import RequestFactory
from django.urls import reverse

from simulateur.tests.outils.droits import DU_LECTEUR, accorder
from simulateur.web import menu as navigation


class Lecteur:
    """Qui voit les deux métiers, sans être de l'équipe."""

    is_authenticated = is_active = True
    is_staff = False
    is_superuser = True  # son périmètre est le pays

    def has_perms(self, permissions: tuple[str, ...]) -> bool:
        return all(".view_" in permission or "add_simulation" in permission for permission in permissions)


def menu_pour(utilisateur: object, chemin: str = "/") -> tuple[navigation.Section, ...]:
    requete = RequestFactory().get(chemin)
    requete.user = utilisateur  # type: ignore[assignment]
    return navigation.menu(requete)


@pytest.mark.django_db
def test_aucun_lien_du_menu_n_est_mort(admin_client, admin_user):
    adresses = [page.adresse for section in menu_pour(admin_user) for page in section.pages]
    assert reverse("admin:index") in adresses
    assert {adresse: admin_client.get(adresse).status_code for adresse in adresses} == dict.fromkeys(
        adresses, 200
    )


def test_une_route_absente_ne_parait_pas_au_menu():
    assert navigation.adresse_si_existe("nulle:part") == ""
    libelles = {page.libelle for section in menu_pour(Lecteur()) for page in section.pages}
    declarees = {
        page.libelle
        for section in navigation.sections()
        for page in section.pages
        if navigation.adresse_si_existe(page.route) and page.pour(Lecteur())
    }
    assert libelles == declarees


@pytest.mark.parametrize(
    ("chemin", "libelle", "courante"),
    [
        ("/effectifs/simulations", "Simulations", "page"),
        ("/effectifs/", "Directions", "page"),
        ("/effectifs/directions/5", "Directions", "true"),
        ("/effectifs/simulations/autre", "Simulations", "true"),
    ],
)
def test_la_page_courante_est_celle_du_plus_long_prefixe(chemin, libelle, courante):
    effectifs = menu_pour(Lecteur(), chemin)[0]
    assert effectifs.ouverte
    assert {page.libelle: page.courante for page in effectifs.pages if page.courante} == {libelle: courante}


def test_les_pages_d_un_groupe_n_ont_qu_un_onglet_et_paraissent_quand_on_y_est():
    section = menu_pour(Lecteur(), "/euromillions/ecarts")[1]
    onglets = {groupe.libelle: groupe.courant for groupe in section.groupes}
    assert onglets == {
        "Vue d'ensemble": "",
        "Tirages": "",
        "Statistiques": "true",
        "Grilles": "",
        "Précision": "",
        "Rapports": "",
    }
    assert section.groupe_ouvert is not None
    pages = {page.libelle: page.courante for page in section.groupe_ouvert.pages}
    assert len(pages) == 6
    assert pages["Écarts"] == "page"


@pytest.mark.parametrize(
    ("chemin", "onglet", "courant"),
    [
        ("/euromillions/", "Vue d'ensemble", "page"),
        ("/euromillions/tirages", "Tirages", "page"),
        ("/euromillions/tirages/2020-01-03", "Tirages", "true"),
        ("/euromillions/rapports", "Rapports", "true"),
    ],
)
def test_un_onglet_d_une_seule_page_est_cette_page(chemin, onglet, courant):
    ouvert = menu_pour(Lecteur(), chemin)[1].groupe_ouvert
    assert ouvert is not None
    assert (ouvert.libelle, ouvert.courant) == (onglet, courant)


@pytest.mark.django_db
def test_les_pages_du_groupe_ouvert_sont_des_liens_sous_les_onglets(admin_client):
    html = admin_client.get("/euromillions/verificateur").content.decode()
    assert '<nav aria-label="EuroMillions">' in html
    pages = html.split('<nav aria-label="Grilles">')[1].split("</nav>")[0]
    assert re.findall(r">([^<]+)</a>", pages) == ["Mes grilles", "Noter une grille", "Vérificateur"]
    assert html.count('aria-current="page"') == 1


@pytest.mark.django_db
def test_le_menu_d_un_non_membre_du_personnel_n_a_pas_l_administration(client):
    client.force_login(accorder(User.objects.create_user("fatima"), *DU_LECTEUR))
    page = client.get(reverse("accueil")).content.decode()
    assert "Administration" not in page
    assert f'href="{reverse("simulations:directions")}"' in page
