"""Commandes, API, pages et admin des imports : qui peut, ce qui est rendu, ce qui est écrit."""

import io
import json

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from referentiels.imports import depot
from referentiels.models import ImportFichier, Tache, TacheModele, VolumeAnnuel
from referentiels.perms import peut_importer
from referentiels.tests.outils.factories import (
    CentreFactory,
    TacheModeleFactory,
    TypologieFactory,
    UtilisateurFactory,
)
from referentiels.tests.outils.imports import canevas, importer_taches, ligne
from simulateur.tests.outils.fichiers import texte_csv
from simulateur.tests.outils.texte import texte_visible

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return CentreFactory(code="C1")


def fichier(contenu: bytes, nom: str = "taches.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, contenu)


@pytest.mark.parametrize(
    ("traits", "permis"),
    [({}, False), ({"equipe": True}, True), ({"equipe": True, "is_active": False}, False)],
)
def test_seul_le_personnel_actif_importe(traits, permis):
    assert peut_importer(UtilisateurFactory(**traits)) is permis


# --- commandes ---------------------------------------------------------------------------------------


def test_la_commande_essaie_a_blanc_puis_ecrit(centre, tmp_path):
    chemin = tmp_path / "taches.csv"
    chemin.write_bytes(canevas(ligne()))
    sortie = io.StringIO()
    call_command("importer_taches", chemin, "--centre", "C1", stdout=sortie)
    assert "Essai à blanc, rien n'est écrit" in sortie.getvalue()
    assert not Tache.objects.exists()
    call_command("importer_taches", chemin, "--centre", "C1", "--appliquer", stdout=sortie)
    assert Tache.objects.count() == 1
    call_command("importer_taches", chemin, "--typologie", "cm", "--appliquer", stdout=sortie)
    assert TacheModele.objects.count() == 1


def test_la_commande_dit_chaque_erreur_et_echoue(centre, tmp_path):
    chemin = tmp_path / "taches.csv"
    chemin.write_bytes(canevas(ligne(base=50)))
    sortie = io.StringIO()
    with pytest.raises(CommandError, match="1 erreur sur 1 ligne : rien n'est écrit") as leve:
        call_command("importer_taches", chemin, "--centre", "C1", "--appliquer", stdout=sortie)
    assert leve.value.returncode == 1
    assert "ligne 2, colonne base de calcul « 50 » : attendu 40, 60 ou 100" in sortie.getvalue()


def test_la_commande_rend_le_rapport_en_json(centre, tmp_path):
    chemin = tmp_path / "v.csv"
    chemin.write_bytes(texte_csv([["centre", "cellule", "volume"], ["C1", "guichet.depot", 5]]))
    sortie = io.StringIO()
    call_command("importer_volumes", chemin, "--annee", "2026", "--appliquer", "--json", stdout=sortie)
    rapport = json.loads(sortie.getvalue())
    assert (rapport["creees"], rapport["applique"], VolumeAnnuel.objects.count()) == (1, True, 1)


def test_la_commande_des_effectifs_nomme_les_centres_inconnus(centre, tmp_path):
    chemin = tmp_path / "e.csv"
    chemin.write_bytes(
        texte_csv([["Centre", "Poste", "Statutaires"], ["C1", "Trieur", 2], ["X", "Trieur", 2]])
    )
    sortie = io.StringIO()
    call_command("importer_effectifs", chemin, "--appliquer", stdout=sortie)
    assert "Centres inconnus, lignes ignorées : X (1)" in sortie.getvalue()


@pytest.mark.parametrize(
    ("commande", "phrase"),
    [
        (["importer_taches", "{}", "--centre", "C404"], "Aucun centre n'a le code « C404 »"),
        (["importer_taches", "{}", "--typologie", "ZZ"], "il y a : AM, CCC"),
        (["importer_taches", "{}.absent", "--centre", "C1"], "ne se lit pas"),
        (["importer_volumes", "{}", "--annee", "1200"], "une année de 1990 à 2100"),
    ],
)
def test_une_commande_mal_faite_dit_pourquoi(centre, tmp_path, commande, phrase):
    chemin = tmp_path / "a.csv"
    chemin.write_bytes(canevas(ligne()))
    with pytest.raises(CommandError, match=phrase):
        call_command(*[mot.replace("{}", str(chemin)) for mot in commande])


# --- API ---------------------------------------------------------------------------------------------


def test_l_api_est_reservee_au_personnel(api, client, api_staff):
    for chemin in ("/api/imports", "/api/imports/taches", "/api/imports/volumes", "/api/imports/effectifs"):
        methode = "get" if chemin == "/api/imports" else "post"
        assert getattr(client, methode)(chemin).status_code == 401
        assert getattr(api, methode)(chemin).status_code == 403
    assert api_staff.get("/api/imports").status_code == 200


def test_l_api_essaie_par_defaut_et_ecrit_sur_demande(api_staff, centre):
    def envoyer(**options):
        corps = {"fichier": fichier(canevas(ligne())), "centre": "C1", **options}
        return api_staff.post("/api/imports/taches", corps, format="multipart")

    essai = envoyer()
    assert essai.status_code == 201
    assert essai.json()["a_blanc"] is True
    assert not Tache.objects.exists()
    ecrit = envoyer(a_blanc="false")
    assert ecrit.json()["applique"] is True
    assert Tache.objects.count() == 1
    liste = api_staff.get("/api/imports?applique=true").json()
    assert [trace["id"] for trace in liste["results"]] == [ecrit.json()["id"]]
    assert "rapport" not in liste["results"][0]
    assert api_staff.get(f"/api/imports/{ecrit.json()['id']}").json()["rapport"]["creees"] == 1


def test_l_api_rend_400_et_le_rapport_quand_l_ecriture_est_refusee(api_staff, centre):
    corps = {"fichier": fichier(canevas(ligne(base=50))), "centre": "C1", "a_blanc": "false"}
    reponse = api_staff.post("/api/imports/taches", corps, format="multipart")
    assert reponse.status_code == 400
    assert "rien n'est écrit" in reponse.json()["detail"]
    assert reponse.json()["import"]["rapport"]["rejets"][0]["colonne"] == "base de calcul"


@pytest.mark.parametrize(
    ("corps", "champ"),
    [
        ({"centre": "C404"}, "centre"),
        ({"typologie": "ZZ"}, "typologie"),
        ({"centre": "C1", "typologie": "CM"}, "centre"),
        ({"centre": "C1", "fichier": ""}, "fichier"),
        ({"centre": "C1", "a_blanc": "peut-être"}, "a_blanc"),
    ],
)
def test_l_api_nomme_le_champ_fautif(api_staff, centre, corps, champ):
    envoi = {"fichier": fichier(canevas(ligne())), **corps}
    reponse = api_staff.post("/api/imports/taches", envoi, format="multipart")
    assert reponse.status_code == 400
    assert champ in reponse.json()["champs"]
    assert not ImportFichier.objects.exists()


def test_un_fichier_hostile_recoit_400_et_non_500(api_staff, centre):
    corps = {"fichier": fichier(b"PK\x03\x04 tronque", "a.xlsx"), "centre": "C1"}
    reponse = api_staff.post("/api/imports/taches", corps, format="multipart")
    assert reponse.status_code == 400
    assert "tronqué" in reponse.json()["detail"]


def test_un_envoi_trop_gros_est_refuse_sans_etre_lu(api_staff, centre, settings):
    settings.IMPORT_TAILLE_MAX_OCTETS = 1024
    corps = {"fichier": fichier(b"a;b\n" * 1000), "centre": "C1"}
    reponse = api_staff.post("/api/imports/taches", corps, format="multipart")
    assert "au plus" in reponse.json()["champs"]["fichier"][0]


def test_l_api_des_volumes_et_des_effectifs(api_staff, centre):
    volumes = texte_csv([["centre", "cellule", "volume"], ["C1", "guichet.depot", 5]])
    corps = {"fichier": fichier(volumes), "annee": "2026", "a_blanc": "false"}
    assert api_staff.post("/api/imports/volumes", corps, format="multipart").json()["applique"]
    effectifs = texte_csv([["Centre", "Poste", "Statutaires"], ["C1", "Trieur", 2]])
    corps = {"fichier": fichier(effectifs), "a_blanc": "false"}
    assert api_staff.post("/api/imports/effectifs", corps, format="multipart").json()["applique"]


def test_l_api_remplit_un_centre_vide_une_seule_fois(api_staff, api, centre):
    TacheModeleFactory.create_batch(2, typologie=centre.typologie)
    chemin = f"/api/centres/{centre.pk}/taches/depuis-modele"
    assert api.post(chemin).status_code == 403
    assert api_staff.post(chemin).json() == {"taches_creees": 2}
    assert api_staff.post(chemin).status_code == 409
    assert api_staff.post("/api/centres/999999/taches/depuis-modele").status_code == 404


def test_le_schema_openapi_decrit_les_imports(api_staff):
    schema = api_staff.get("/api/schema?format=json").json()
    corps = schema["paths"]["/api/imports/taches"]["post"]["requestBody"]["content"]
    assert list(corps) == ["multipart/form-data"]
    assert "/api/imports/{id}" in schema["paths"]


# --- pages et admin ----------------------------------------------------------------------------------


def test_les_pages_sont_reservees_au_personnel(client, client_connecte, client_staff):
    trace = importer_taches(canevas(ligne()), CentreFactory(), a_blanc=True)
    adresses = [
        reverse("referentiels:imports"),
        reverse("referentiels:import-nouveau", args=["taches"]),
        reverse("referentiels:import", args=[trace.pk]),
        reverse("referentiels:import-erreurs", args=[trace.pk]),
    ]
    for adresse in adresses:
        assert client.get(adresse).status_code == 302
        assert client_connecte.get(adresse).status_code == 403
        assert client_staff.get(adresse).status_code == 200
    for nom, arguments in (("import-appliquer", [trace.pk]), ("import-depuis-modele", [])):
        assert client_connecte.post(reverse(f"referentiels:{nom}", args=arguments)).status_code == 403
        assert client_staff.get(reverse(f"referentiels:{nom}", args=arguments)).status_code == 405


def test_envoyer_relire_appliquer(client_staff, centre):
    adresse = reverse("referentiels:import-nouveau", args=["taches"])
    reponse = client_staff.post(adresse, {"fichier": fichier(canevas(ligne())), "centre": "C1"}, follow=True)
    essai = ImportFichier.objects.get()
    assert "Essai à blanc : rien n'a été écrit" in reponse.text
    assert "Appliquer" in reponse.text
    assert not Tache.objects.exists()
    appliquer = reverse("referentiels:import-appliquer", args=[essai.pk])
    assert "Import appliqué" in client_staff.post(appliquer, follow=True).text
    assert Tache.objects.count() == 1
    assert not depot.attend(essai)
    assert "plus gardé" in client_staff.post(appliquer, follow=True).text
    assert Tache.objects.count() == 1


def test_un_fichier_remplace_dans_le_depot_n_est_pas_applique(client_staff, utilisateur_staff, centre):
    essai = importer_taches(canevas(ligne()), centre, a_blanc=True)
    ImportFichier.objects.filter(pk=essai.pk).update(par=utilisateur_staff)
    depot.deposer(essai, canevas(ligne(nom="Autre")))
    appliquer = reverse("referentiels:import-appliquer", args=[essai.pk])
    assert "plus gardé" in client_staff.post(appliquer, follow=True).text
    assert not Tache.objects.exists()


def test_l_essai_d_un_autre_ne_s_applique_pas(client_staff, centre):
    essai = importer_taches(canevas(ligne()), centre, a_blanc=True)
    depot.deposer(essai, canevas(ligne()))
    assert client_staff.post(reverse("referentiels:import-appliquer", args=[essai.pk])).status_code == 404
    assert "Appliquer" not in client_staff.get(reverse("referentiels:import", args=[essai.pk])).text


def test_un_cache_en_panne_redemande_le_fichier(client_staff, centre, monkeypatch):
    def panne(*_, **__):
        raise OSError("cache coupé")

    cache = type(caches[depot.ALIAS])
    for methode in ("set", "has_key"):
        monkeypatch.setattr(cache, methode, panne)
    adresse = reverse("referentiels:import-nouveau", args=["taches"])
    reponse = client_staff.post(adresse, {"fichier": fichier(canevas(ligne())), "centre": "C1"}, follow=True)
    assert "Envoyer un autre fichier" in reponse.text


def test_les_erreurs_se_lisent_sur_la_page_et_se_telechargent_sans_formule(client_staff, centre):
    trace = importer_taches(canevas(ligne(produit="=HYPERLINK(1)")), centre, a_blanc=True)
    page = texte_visible(client_staff.get(reverse("referentiels:import", args=[trace.pk])))
    assert "2 Produit =HYPERLINK(1)" in page
    contenu = client_staff.get(reverse("referentiels:import-erreurs", args=[trace.pk])).content
    assert "2;Produit;'=HYPERLINK(1);ce produit n'existe pas" in contenu.decode("utf-8-sig")


def test_un_formulaire_incomplet_dit_quoi_corriger(client_staff, centre):
    adresse = reverse("referentiels:import-nouveau", args=["taches"])
    cibles = {"centre": "C1", "typologie": TypologieFactory().pk}
    reponse = client_staff.post(adresse, {"fichier": fichier(canevas(ligne())), **cibles})
    assert reponse.status_code == 400
    assert "Donner un centre ou une typologie, pas les deux" in reponse.text
    reponse = client_staff.post(adresse, {"fichier": fichier(canevas(ligne()))}, follow=True)
    assert "colonne manquante" in reponse.text
    reponse = client_staff.post(adresse, {"fichier": fichier(canevas(ligne())), "centre": "C404"})
    assert "Aucun centre n" in reponse.text
    assert client_staff.get(reverse("referentiels:import-nouveau", args=["rien"])).status_code == 404


def test_la_page_remplit_un_centre_vide(client_staff, centre):
    TacheModeleFactory(typologie=centre.typologie)
    adresse = reverse("referentiels:import-depuis-modele")
    assert "1 tâche copiée" in client_staff.post(adresse, {"modele-centre": "C1"}, follow=True).text
    assert "a déjà des tâches" in client_staff.post(adresse, {"modele-centre": "C1"}, follow=True).text
    assert "Aucun centre" in client_staff.post(adresse, {"modele-centre": "C404"}, follow=True).text


def test_lire_un_rapport_n_ecrit_rien(client_staff, centre, lecture_seule):
    trace = importer_taches(canevas(ligne()), centre, a_blanc=True)
    with lecture_seule():
        assert client_staff.get(reverse("referentiels:import", args=[trace.pk])).status_code == 200
        assert client_staff.get(reverse("referentiels:imports")).status_code == 200


def test_l_admin_montre_les_imports_sans_les_modifier(client_staff, centre, compter_requetes):
    traces = [importer_taches(canevas(ligne(base=50)), centre) for _ in range(3)]
    liste = reverse("admin:referentiels_importfichier_changelist")
    with compter_requetes() as requetes:
        page = client_staff.get(liste).text
    assert reverse("referentiels:imports") in page
    assert len(requetes) <= 12
    detail = reverse("admin:referentiels_importfichier_change", args=[traces[0].pk])
    page = client_staff.get(detail).text
    assert "attendu 40, 60 ou 100" in page
    assert 'name="_save"' not in page
    assert client_staff.get(reverse("admin:referentiels_importfichier_add")).status_code == 403
