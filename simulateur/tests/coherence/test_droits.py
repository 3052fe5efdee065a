"""Qui peut quoi, adresse par adresse : la table se déduit des routes, une route neuve y entre seule.

Voir docs/metier/effectifs.md#droits.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from simulateur.tests.outils.droits import DU_LECTEUR, accorder, borner

pytestmark = pytest.mark.django_db

VALEURS = {"uuid": "00000000-0000-0000-0000-000000000000", "int": "1", "date": "2020-01-03"}
RESERVES = {"referentiels", "simulations"}  # fermés à qui n'a aucun droit
OUVERTS = {"euromillions", "simulateur", "django", "drf_spectacular"}
ECRITURES = ("post", "put", "patch", "delete")


def vues(noeud: URLResolver | None = None, devant: str = "") -> Iterator[tuple[str, str]]:
    """(adresse où chaque paramètre a une valeur, application de la vue), hors de l'admin."""
    for enfant in (noeud or get_resolver()).url_patterns:
        chemin = f"{devant}{enfant.pattern}"
        if chemin.startswith("admin/"):
            continue
        if isinstance(enfant, URLResolver):
            yield from vues(enfant, chemin)
        elif isinstance(enfant, URLPattern):
            yield f"/{concrete(chemin)}", enfant.callback.__module__.partition(".")[0]


def concrete(chemin: str) -> str:
    chemin = re.sub(r"\(\?P<\w+>([^)]*)\)", lambda trouve: "1" if "0-9" in trouve[1] else "x", chemin)
    chemin = re.sub(r"<(?:(\w+):)?\w+>", lambda trouve: VALEURS.get(trouve[1] or "", "x"), chemin)
    return re.sub(r"[\^$\\]", "", chemin).replace(".?", "")


def connecte(compte: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(compte)
    return client


def du_groupe(nom: str, **champs: Any) -> Any:
    compte = get_user_model().objects.create_user(f"du groupe {nom}"[:150], **champs)
    compte.groups.add(Group.objects.get(name=nom))
    borner(compte)
    return compte


def test_chaque_route_est_d_une_application_connue() -> None:
    inconnues = {adresse: app for adresse, app in vues() if app not in RESERVES | OUVERTS}
    assert inconnues == {}


@pytest.mark.parametrize("equipe", [False, True])
def test_sans_droit_rien_des_effectifs_ne_s_ouvre(equipe: bool) -> None:
    """`is_staff` n'y change rien. Refusé avant de savoir si l'adresse nomme quelque chose."""
    client = connecte(get_user_model().objects.create_user("sans", is_staff=equipe))
    adresses = [adresse for adresse, app in vues() if app in RESERVES]
    assert len(adresses) > 100
    ouvertes = {
        (methode, adresse): statut
        for adresse in adresses
        for methode in ("get", *ECRITURES)
        if (statut := getattr(client, methode)(adresse).status_code) not in (403, 405)
    }
    assert ouvertes == {}


def test_sans_droit_le_jeu_se_lit_et_les_effectifs_ne_se_nomment_pas() -> None:
    client = connecte(get_user_model().objects.create_user("sans"))
    accueil = client.get("/").content.decode()
    assert 'id="entree-euromillions"' in accueil
    assert "effectifs" not in accueil.lower()
    assert client.get(reverse("euromillions:tirages")).status_code == 200
    assert client.get("/exploitation/cache").status_code == 403


def test_sans_droit_l_admin_est_vide(client: Client) -> None:
    equipe = get_user_model().objects.create_user("sans", is_staff=True)
    client.force_login(equipe)
    ouverts = {}
    for modele in admin.site._registry:
        nom = f"{modele._meta.app_label}_{modele._meta.model_name}"
        for geste in ("changelist", "add"):
            statut = client.get(reverse(f"admin:{nom}_{geste}")).status_code
            if statut != 403:
                ouverts[nom, geste] = statut
    assert ouverts == {}


def test_le_lecteur_lit_et_n_ecrit_rien() -> None:
    client = connecte(du_groupe("Lecteur"))
    for route in ("directions", "liste", "scenarios", "nationale"):
        assert client.get(reverse(f"simulations:{route}")).status_code == 200, route
    assert client.get("/api/centres").status_code == 200
    ecrites = {
        (methode, adresse): statut
        for adresse, app in vues()
        if app in RESERVES
        for methode in ECRITURES
        if (statut := getattr(client, methode)(adresse).status_code) not in (403, 404, 405)
    }
    assert ecrites == {}


@pytest.mark.parametrize(
    ("groupe", "peut", "ne_peut_pas"),
    [
        ("Lecteur", "simulations.view_simulation", "simulations.add_simulation"),
        ("Planificateur", "simulations.add_simulation", "referentiels.change_tache"),
        ("Gestionnaire du référentiel", "referentiels.change_tache", "simulations.add_simulation"),
        ("Approbateur", "simulations.change_scenario", "simulations.add_simulation"),
        ("Administrateur", "auth.change_user", "inconnue.permission"),
    ],
)
def test_les_groupes_livres(groupe: str, peut: str, ne_peut_pas: str) -> None:
    compte = du_groupe(groupe)
    assert compte.has_perms((peut, *DU_LECTEUR))
    assert not compte.has_perm(ne_peut_pas)


def test_la_migration_garde_a_chacun_ce_qu_il_pouvait() -> None:
    comptes = get_user_model().objects
    ordinaire, equipe = comptes.create_user("camille"), comptes.create_user("alix", is_staff=True)
    migration = import_module("simulateur.migrations.0005_groupes_livres")
    migration._garder_les_comptes(apps, "default")
    ordinaire, equipe = comptes.get(pk=ordinaire.pk), comptes.get(pk=equipe.pk)
    assert ordinaire.has_perms((*DU_LECTEUR, "simulations.add_simulation"))
    assert not ordinaire.has_perm("referentiels.change_tache")
    gestes = ("referentiels.delete_tache", "euromillions.add_tirage", "simulateur.exploiter")
    assert equipe.has_perms((*gestes, "simulations.change_simulation", "referentiels.add_importfichier"))
    assert not equipe.has_perm("auth.change_user")


def test_un_droit_retire_au_groupe_se_voit_a_la_requete_suivante() -> None:
    compte = du_groupe("Lecteur")
    client = connecte(compte)
    assert client.get("/api/centres").status_code == 200
    Group.objects.get(name="Lecteur").permissions.clear()
    assert client.get("/api/centres").status_code == 403
    accorder(compte, *DU_LECTEUR)
    assert client.get("/api/centres").status_code == 200
