"""Qui voit une direction ne lit, n'écrit et n'apprend rien d'une autre (docs/metier/effectifs.md#droits)."""

import io
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from referentiels.models import Centre, Direction, ImportFichier, Perimetre, Poste, VolumeAnnuel
from referentiels.perms import PAYS, SANS_PERIMETRE, etendue_de
from referentiels.tests.outils import factories as f
from simulateur.tests.outils.droits import accorder, borner

pytestmark = pytest.mark.django_db

INCONNU = 900_000_000


@pytest.fixture
def sienne() -> Direction:
    return f.TacheFactory(nom="Tri").centre_poste.centre.direction


@pytest.fixture
def autre() -> Centre:
    """Un centre d'une autre direction, avec un poste, une tâche et un volume."""
    tenu = f.CentrePosteFactory(centre=f.CentreFactory(code="ZORG-1", nom="Zorglub", actif=True))
    f.TacheFactory(centre_poste=tenu, nom="Zorglub")
    f.VolumeAnnuelFactory(centre=tenu.centre)
    return tenu.centre


@pytest.fixture
def gestionnaire(sienne: Direction) -> Any:
    compte = f.UtilisateurFactory(equipe=True)
    borner(compte, [sienne])
    return type(compte)._default_manager.get(pk=compte.pk)


@pytest.fixture
def appels(gestionnaire: Any) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_login(gestionnaire)
    return client


def paires(autre: Centre) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """(méthode, adresse de l'autre, la même d'un inconnu, corps)."""
    centre, direction = autre.pk, autre.direction_id
    tenu = autre.centre_postes.get()
    tache = tenu.taches.get().pk
    for modele, cle in (
        ("/api/directions/{}", direction),
        ("/api/directions/{}/centres", direction),
        ("/api/directions/{}/centres?recherche=zorg", direction),
        ("/api/centres/{}", centre),
        ("/api/centres/{}/postes", centre),
        ("/api/centres/{}/postes?type=MOD", centre),
        ("/api/centres/{}/volumes", centre),
        (f"/api/centres/{{}}/postes/{tenu.poste_id}", centre),
        (f"/api/centres/{{}}/postes/{tenu.poste_id}/taches", centre),
        ("/api/taches/{}", tache),
        ("/api/couverture?centre={}", centre),
        ("/api/couverture?direction={}", direction),
        ("/api/centres?direction={}", direction),
        ("/api/taches?centre={}", centre),
    ):
        yield "get", modele.format(cle), modele.format(INCONNU), {}
    for methode, modele, cle, corps in (
        ("patch", "/api/directions/{}", direction, {"nom": "Prise"}),
        ("patch", "/api/centres/{}", centre, {"nom": "Pris"}),
        ("delete", "/api/centres/{}", centre, {}),
        ("patch", f"/api/centres/{{}}/postes/{tenu.poste_id}", centre, {"aps": 3}),
        ("delete", f"/api/centres/{{}}/postes/{tenu.poste_id}", centre, {}),
        ("post", "/api/centres/{}/postes", centre, {"poste_id": tenu.poste_id}),
        ("patch", "/api/taches/{}", tache, {"nom": "Prise"}),
        ("delete", "/api/taches/{}", tache, {}),
        ("post", "/api/centres/{}/taches/depuis-modele", centre, {}),
    ):
        yield methode, modele.format(cle), modele.format(INCONNU), corps


def test_hors_du_perimetre_la_reponse_est_celle_d_un_inconnu(appels: APIClient, autre: Centre) -> None:
    """Même statut, même corps aux chiffres de l'adresse près, mêmes en-têtes."""
    for methode, adresse, inconnue, corps in paires(autre):
        lues = [getattr(appels, methode)(a, corps, format="json") for a in (adresse, inconnue)]
        statuts = [lue.status_code for lue in lues]
        assert statuts[0] == statuts[1], (methode, adresse, statuts)
        corps_lus = [_sans(lue.content.decode(), adresse, inconnue) for lue in lues]
        assert corps_lus[0] == corps_lus[1], (methode, adresse)
        assert set(lues[0].headers) == set(lues[1].headers), (methode, adresse)
    autre.refresh_from_db()
    assert autre.nom == "Zorglub"
    assert autre.centre_postes.get().taches.get().nom == "Zorglub"


def _sans(corps: str, *adresses: str) -> str:
    """Sans les clés demandées, ni l'identifiant de la requête."""
    cles = {morceau for a in adresses for morceau in a.replace("=", "/").split("/") if morceau.isdecimal()}
    for cle in sorted(cles, key=len, reverse=True):
        corps = corps.replace(cle, "N")
    return corps.split(',"requete"')[0]


def test_listes_et_comptes_restent_dans_le_perimetre(
    appels: APIClient, sienne: Direction, autre: Centre
) -> None:
    for adresse, nombre in (("directions", 1), ("centres", 1), ("taches", 1), ("centres?tri=nom", 1)):
        corps = appels.get(f"/api/{adresse}").json()
        assert corps["count"] == nombre, adresse
        assert "orglub" not in str(corps), adresse
    assert appels.get("/api/couverture").json()["total"]["taches"] == 1
    assert appels.get("/api/perimetre").json() == {
        "pays": False,
        "directions": [{"id": sienne.pk, "code": sienne.code, "nom": sienne.nom}],
    }


def test_on_ne_range_rien_dans_un_centre_que_l_on_ne_voit_pas(
    appels: APIClient, sienne: Direction, autre: Centre
) -> None:
    sien = sienne.centres.get()
    for adresse, champ, hors in (
        (f"/api/centres/{sien.pk}", "direction_id", autre.direction_id),
        (f"/api/taches/{sien.centre_postes.get().taches.get().pk}", "centre_poste_id", _tenu(autre)),
    ):
        reponses = [appels.patch(adresse, {champ: cle}, format="json") for cle in (hors, INCONNU)]
        assert [r.status_code for r in reponses] == [400, 400]
        phrases = [str(reponse.json()["champs"]) for reponse in reponses]
        assert phrases[0].replace(str(hors), "N") == phrases[1].replace(str(INCONNU), "N")


def _tenu(centre: Centre) -> int:
    return int(centre.centre_postes.get().pk)


def test_ce_qui_vaut_pour_le_pays_ne_s_ecrit_que_du_pays(appels: APIClient, gestionnaire: Any) -> None:
    region = f.RegionFactory()
    neuve = {"code": "DN", "nom": "Neuve", "region_id": region.pk, "est_siege": False}
    assert appels.post("/api/directions", neuve, format="json").status_code == 403
    assert appels.patch(f"/api/regions/{region.pk}", {"nom": "X"}, format="json").status_code == 403
    client = Client()
    client.force_login(gestionnaire)
    poste = Poste.objects.first()
    assert poste is not None
    assert client.get(f"/admin/referentiels/poste/{poste.pk}/delete/").status_code == 403
    assert client.get("/admin/referentiels/direction/add/").status_code == 403
    borner(gestionnaire)
    assert client.get("/admin/referentiels/direction/add/").status_code == 200
    assert appels.post("/api/directions", neuve, format="json").status_code == 201


def test_les_imports_ne_trouvent_ni_ne_suggerent_un_autre_centre(
    appels: APIClient, autre: Centre, gestionnaire: Any
) -> None:
    for genre, contenu in (
        ("volumes", "centre;cellule;volume;annee\nZORG-2;guichet.depot;5;2026\nZORG-1;guichet.depot;5;2026"),
        ("effectifs", "Centre;Poste;Statutaires\nZORG-2;TRIEUR;5\nZORG-1;TRIEUR;5"),
    ):
        fichier = SimpleUploadedFile("f.csv", contenu.encode(), content_type="text/csv")
        corps = appels.post(f"/api/imports/{genre}", {"fichier": fichier}, format="multipart").json()
        rapport = corps["rapport"]
        assert rapport["centres_inconnus"] == {"ZORG-2": 1, "ZORG-1": 1}, genre
        assert "ZORG" not in str(list(rapport["centres_proches"].values())), genre
    assert VolumeAnnuel.objects.filter(centre=autre).count() == 1
    fichier = SimpleUploadedFile("t.csv", b"Nom", content_type="text/csv")
    refus = appels.post("/api/imports/taches", {"fichier": fichier, "centre": "ZORG-1"}, format="multipart")
    assert refus.json()["champs"]["centre"] == ["Aucun centre n'a le code « ZORG-1 »."]


def test_un_import_d_un_autre_ne_se_lit_pas(appels: APIClient, gestionnaire: Any) -> None:
    du_pays = ImportFichier.objects.create(genre="taches", nom_fichier="zorglub.csv", sha256="0", octets=1)
    sien = ImportFichier.objects.create(
        genre="taches", nom_fichier="mien.csv", sha256="0", octets=1, par=gestionnaire
    )
    assert [ligne["id"] for ligne in appels.get("/api/imports").json()["results"]] == [sien.pk]
    assert appels.get(f"/api/imports/{du_pays.pk}").status_code == 404
    assert appels.post(f"/api/imports/{du_pays.pk}/defaire").status_code == 404
    for suite in ("", "erreurs.csv"):
        assert appels.get(f"/referentiels/imports/{du_pays.pk}/{suite}").status_code == 404
    assert "zorglub" not in appels.get("/referentiels/imports/").content.decode()
    assert appels.get(f"/admin/referentiels/importfichier/{du_pays.pk}/change/").status_code == 302


def test_exports_et_gabarits_restent_dans_le_perimetre(appels: APIClient, autre: Centre) -> None:
    for genre in ("taches", "volumes", "effectifs"):
        lu = appels.get(f"/api/referentiel/exports/{genre}?format=csv")
        assert lu.status_code == 200
        assert b"ZORG" not in lu.content, genre
        assert "perimetre" in lu["Content-Disposition"]
        hors = appels.get(f"/api/referentiel/exports/{genre}?centre=ZORG-1").json()["champs"]
        inconnu = appels.get(f"/api/referentiel/exports/{genre}?centre=ZORG-9").json()["champs"]
        assert str(hors).replace("ZORG-1", "X") == str(inconnu).replace("ZORG-9", "X")


def test_l_admin_ne_montre_ni_ne_propose_le_reste(gestionnaire: Any, autre: Centre) -> None:
    client = Client()
    client.force_login(gestionnaire)
    for modele in ("direction", "centre", "centreposte", "tache", "volumeannuel", "typologie", "region"):
        page = client.get(f"/admin/referentiels/{modele}/").content.decode()
        assert "orglub" not in page, modele
        assert autre.direction.nom not in page, modele
    assert client.get(f"/admin/referentiels/centre/{autre.pk}/change/").status_code == 302
    trouves = client.get(
        "/admin/autocomplete/",
        {"app_label": "referentiels", "model_name": "tache", "field_name": "centre_poste", "term": "zorg"},
    )
    assert trouves.json()["results"] == []


def test_sans_perimetre_une_page_dit_pourquoi(client: Client) -> None:
    compte = accorder(f.UtilisateurFactory(), "referentiels", "simulations", directions=[])
    client.force_login(compte)
    page = client.get("/effectifs/")
    assert page.status_code == 403
    assert "aucun périmètre" in page.content.decode()
    assert client.get("/api/centres").json()["detail"] == SANS_PERIMETRE
    accueil = client.get("/").content.decode()
    assert 'id="entree-sans-perimetre"' in accueil
    assert 'id="entree-effectifs"' not in accueil
    assert client.get("/euromillions/").status_code == 200


def test_le_perimetre_d_un_groupe_s_ajoute_et_se_retire_a_la_requete_suivante(
    appels: APIClient, gestionnaire: Any, autre: Centre
) -> None:
    groupe = Group.objects.create(name="Sud")
    gestionnaire.groups.add(groupe)
    assert appels.get(f"/api/centres/{autre.pk}").status_code == 404
    ligne = Perimetre.objects.create(groupe=groupe, direction=autre.direction)
    assert appels.get(f"/api/centres/{autre.pk}").status_code == 200
    assert appels.get("/api/centres").json()["count"] == 2
    ligne.delete()
    assert appels.get(f"/api/centres/{autre.pk}").status_code == 404
    assert appels.get("/api/centres").json()["count"] == 1


def test_une_direction_supprimee_ne_donne_pas_le_pays(gestionnaire: Any) -> None:
    vide = f.DirectionFactory()
    borner(gestionnaire, [vide])
    vide.delete()
    relu = type(gestionnaire)._default_manager.get(pk=gestionnaire.pk)
    assert etendue_de(relu).vide


def test_le_super_utilisateur_voit_le_pays_et_le_compte_desactive_rien() -> None:
    assert etendue_de(f.UtilisateurFactory(administrateur=True)) == PAYS
    assert etendue_de(accorder(f.UtilisateurFactory(is_active=False))).vide


def test_lire_le_perimetre_ne_coute_aucune_requete_de_plus(
    appels: APIClient, gestionnaire: Any, compter_requetes: Any
) -> None:
    def requetes(adresse: str) -> int:
        appels.get(adresse)
        compte: CaptureQueriesContext
        with compter_requetes() as compte:
            assert appels.get(adresse).status_code == 200
        return len(compte)

    borne = {adresse: requetes(adresse) for adresse in ("/api/centres", "/api/directions", "/effectifs/")}
    borner(gestionnaire)
    assert {adresse: requetes(adresse) for adresse in borne} == borne


def test_on_ne_donne_que_ce_que_l_on_voit(gestionnaire: Any, sienne: Direction, autre: Centre) -> None:
    client = Client()
    client.force_login(accorder(gestionnaire, "auth", directions=[sienne]))
    adresse, donnee = "/admin/referentiels/perimetre/add/", f.UtilisateurFactory(droits=())
    Perimetre.objects.filter(compte=donnee).delete()
    for direction in (autre.direction_id, ""):
        assert client.post(adresse, {"compte": donnee.pk, "direction": direction}).status_code == 200
    assert not Perimetre.objects.filter(compte=donnee).exists()
    assert client.post(adresse, {"compte": donnee.pk, "direction": sienne.pk}).status_code == 302
    assert Perimetre.objects.get(compte=donnee).direction == sienne


def test_la_commande_donne_retire_et_dit(sienne: Direction) -> None:
    compte = f.UtilisateurFactory(droits=())
    Perimetre.objects.filter(compte=compte).delete()

    def dire(*options: str) -> str:
        sortie = io.StringIO()
        call_command("perimetre", compte.username, *options, stdout=sortie)
        return sortie.getvalue().strip()

    assert dire() == f"compte {compte} : aucun périmètre"
    assert dire(sienne.code) == dire(sienne.code) == f"compte {compte} : {sienne.code}"
    assert dire("--pays") == f"compte {compte} : {sienne.code}, tout le pays"
    assert dire("--retirer", "--pays") == f"compte {compte} : {sienne.code}"
    with pytest.raises(CommandError, match="Directions inconnues : RIEN"):
        dire("RIEN")


def test_la_migration_garde_le_pays_a_chaque_compte_et_a_leurs_groupes() -> None:
    migration = import_module("referentiels.migrations.0014_perimetres_d_avant")
    borne, ancien = f.UtilisateurFactory(droits=()), f.UtilisateurFactory(droits=())
    direction = f.DirectionFactory()
    borner(borne, [direction])
    Perimetre.objects.filter(compte=ancien).delete()
    groupe = Group.objects.create(name="Comptes d'avant les droits")
    migration.garder(apps, connection.schema_editor())
    assert etendue_de(type(ancien)._default_manager.get(pk=ancien.pk)) == PAYS
    assert groupe.perimetres.get().direction is None
    assert borne.perimetres.get().direction == direction  # déjà borné : rien de plus
    donnent = Group.objects.filter(permissions__codename="add_perimetre").values_list("name", flat=True)
    assert list(donnent) == ["Administrateur"]
