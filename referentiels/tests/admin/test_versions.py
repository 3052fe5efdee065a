"""L'admin, à deux : formulaire, lignes et suppressions voient ce qu'un autre a changé."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.test import Client, RequestFactory
from django.urls import reverse

from referentiels import models
from referentiels.tests.outils import factories as f
from simulateur.admin.versions import AdminVersionne, InlineVersionne

pytestmark = pytest.mark.django_db


@pytest.fixture
def equipe() -> Client:
    client = Client()
    client.force_login(f.UtilisateurFactory(equipe=True))
    return client


def adresse(objet: Any, page: str = "change") -> str:
    nom = f"admin:{objet._meta.app_label}_{objet._meta.model_name}_{page}"
    return reverse(nom, args=[] if page == "changelist" else [objet.pk])


def saisie(page: Any) -> dict[str, str]:
    """Ce que le navigateur renverrait de cette page, telle qu'elle est."""
    contexte = page.context
    formulaires = [contexte["adminform"].form]
    for ligne in contexte["inline_admin_formsets"]:
        formulaires += [ligne.formset.management_form, *ligne.formset.forms]
    donnees: dict[str, str] = {}
    for formulaire in formulaires:
        for champ in formulaire:
            valeur = champ.value()
            if valeur is not None and valeur is not False:
                donnees[champ.html_name] = str(valeur)
    return donnees


def test_toute_page_d_admin_qui_ecrit_le_referentiel_porte_une_version() -> None:
    for modele, classe in admin.site._registry.items():
        if modele._meta.app_label == "referentiels" and modele is not models.ImportFichier:
            assert isinstance(classe, AdminVersionne), modele
            assert all(issubclass(ligne, InlineVersionne) for ligne in classe.inlines), modele


@pytest.mark.parametrize(
    ("fabrique", "champ", "valeur"),
    [
        (f.CentreFactory, "nom", "Autre"),
        (f.CentrePosteFactory, "effectif_actuel", 9),
        (f.VolumeAnnuelFactory, "volume", 4321),
        (f.ParametreCentreFactory, "valeur", 3),
        (f.ProduitFactory, "nom", "Autre"),
        (f.UniteMesureFactory, "nom", "Autre"),
    ],
)
def test_le_formulaire_est_remontre_avec_les_deux_valeurs(
    equipe: Client, fabrique: Any, champ: str, valeur: Any
) -> None:
    objet = fabrique()
    page = equipe.get(adresse(objet))
    assert re.search(r'type="hidden" name="version" value="\w+"', page.content.decode())
    donnees = saisie(page)
    type(objet).objects.filter(pk=objet.pk).update(**{champ: valeur})
    refuse = equipe.post(adresse(objet), donnees)
    assert refuse.status_code == 200
    texte = refuse.content.decode()
    assert "En base maintenant" in texte
    assert "Votre saisie" in texte
    objet.refresh_from_db()
    assert getattr(objet, champ) == valeur
    # Relu, le formulaire remontré s'enregistre : l'auteur sait maintenant ce qu'il recouvre.
    assert equipe.post(adresse(objet), {**donnees, **_version(refuse)}).status_code == 302


def _version(page: Any) -> dict[str, str]:
    return {"version": page.context["adminform"].form["version"].value()}


@pytest.mark.parametrize("supprimer", [False, True])
def test_une_ligne_changee_par_un_autre_n_est_ni_recouverte_ni_supprimee(
    equipe: Client, supprimer: bool
) -> None:
    tenu = f.CentrePosteFactory(effectif_actuel=3)
    donnees = saisie(equipe.get(adresse(tenu.centre)))
    assert "centre_postes-0-version" in donnees
    if supprimer:
        donnees["centre_postes-0-DELETE"] = "on"
    models.CentrePoste.objects.filter(pk=tenu.pk).update(effectif_actuel=8)
    refuse = equipe.post(adresse(tenu.centre), donnees)
    assert refuse.status_code == 200
    assert "Changé entre-temps" in refuse.content.decode()
    tenu.refresh_from_db()
    assert tenu.effectif_actuel == 8


def test_la_suppression_porte_la_version_montree(equipe: Client) -> None:
    volume = f.VolumeAnnuelFactory(volume=10)
    page = equipe.get(adresse(volume, "delete"))
    (vue,) = re.findall(r'name="version" value="(\w+)"', page.content.decode())
    models.VolumeAnnuel.objects.filter(pk=volume.pk).update(volume=20)
    equipe.post(adresse(volume, "delete"), {"post": "yes", "version": vue})
    assert models.VolumeAnnuel.objects.get(pk=volume.pk).volume == 20
    page = equipe.get(adresse(volume, "delete"))
    (vue,) = re.findall(r'name="version" value="(\w+)"', page.content.decode())
    equipe.post(adresse(volume, "delete"), {"post": "yes", "version": vue})
    assert not models.VolumeAnnuel.objects.filter(pk=volume.pk).exists()


def test_la_suppression_en_masse_porte_la_version_des_lignes_montrees(equipe: Client) -> None:
    volumes = [f.VolumeAnnuelFactory() for _ in range(2)]
    choix = {"action": "delete_selected", "_selected_action": [v.pk for v in volumes]}
    for change in (True, False):
        page = equipe.post(adresse(volumes[0], "changelist"), choix)
        (vue,) = re.findall(r'name="version" value="(\w+)"', page.content.decode())
        if change:
            models.VolumeAnnuel.objects.filter(pk=volumes[1].pk).update(volume=77)
        equipe.post(adresse(volumes[0], "changelist"), {**choix, "post": "yes", "version": vue})
        assert models.VolumeAnnuel.objects.count() == (2 if change else 0)


class _ListeEditable(AdminVersionne):
    list_display = ("__str__", "volume")
    list_editable = ("volume",)


def test_une_liste_editable_porte_la_version_de_chaque_ligne(rf: RequestFactory) -> None:
    volume = f.VolumeAnnuelFactory(volume=10)
    classe: ModelAdmin[Any] = _ListeEditable(models.VolumeAnnuel, admin.site)
    requete = rf.get("/")
    requete.user = f.UtilisateurFactory(equipe=True, is_superuser=True)
    fabrique = classe.get_changelist_formset(requete)
    lignes = fabrique(queryset=models.VolumeAnnuel.objects.all())
    rendu = str(lignes.forms[0]["id"])
    assert 'name="form-0-version"' in rendu
    donnees = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": str(volume.pk),
        "form-0-volume": "10",
        "form-0-version": lignes.forms[0]["version"].value(),
    }
    models.VolumeAnnuel.objects.filter(pk=volume.pk).update(volume=30)
    envoyees = fabrique(donnees, queryset=models.VolumeAnnuel.objects.all())
    assert not envoyees.is_valid()
    assert "« 30 »" in str(envoyees.errors)
