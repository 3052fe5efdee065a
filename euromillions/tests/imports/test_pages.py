"""Pages, API, admin et commande d'import : qui y accède, ce qui s'y passe, ce qui s'y dit."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from euromillions.imports.service import Fichier, importer, previsualiser
from euromillions.models import ConflitTirage, HistoriqueTirage, ImportTirages, Tirage
from euromillions.tests.outils.imports import MINIATURES, miniature

pytestmark = pytest.mark.django_db

ENTETE = "date,n1,n2,n3,n4,n5,e1,e2\n"
LISTE = "/euromillions/imports"
API = "/api/euromillions/import"


def depot(nom: str = "fdj_2016.csv", octets: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, miniature(nom) if octets is None else octets)


def lignes(*textes: str) -> bytes:
    return (ENTETE + "\n".join(textes)).encode()


@pytest.fixture
def conflit():
    importer([Fichier("a.csv", lignes("2021-03-02,1,2,3,4,5,1,2"))], auteur=None)
    importer([Fichier("b.csv", lignes("2021-03-02,1,2,3,4,6,1,2"))], auteur=None)
    return ConflitTirage.objects.get()


# --- accès -------------------------------------------------------------------------------------------
PAGES = {
    "liste": ("get", []),
    "conflits": ("get", []),
    "detail": ("get", [1]),
    "confirmer": ("post", [1]),
    "abandonner": ("post", [1]),
    "telecharger": ("post", []),
    "trancher": ("post", [1]),
}


@pytest.mark.parametrize("nom", PAGES)
def test_les_pages_d_import_sont_reservees_au_personnel(client, client_connecte, nom):
    methode, arguments = PAGES[nom]
    adresse = reverse(f"euromillions-imports:{nom}", args=arguments)
    assert getattr(client_connecte, methode)(adresse).status_code == 403
    reponse = getattr(client, methode)(adresse)
    assert (reponse.status_code, reponse.url.split("?")[0]) == (302, "/connexion")


@pytest.mark.parametrize("nom", [nom for nom, (methode, _) in PAGES.items() if methode == "post"])
def test_un_changement_ne_se_fait_jamais_par_get(client_staff, nom):
    assert client_staff.get(reverse(f"euromillions-imports:{nom}", args=PAGES[nom][1])).status_code == 405


def test_les_pages_lues_n_ecrivent_rien(client_staff, conflit, lecture_seule):
    apercu = previsualiser(Fichier("fdj_2016.csv", miniature("fdj_2016.csv")), auteur=None)
    client_staff.get(LISTE)
    with lecture_seule():
        for adresse in (LISTE, f"{LISTE}/conflits", f"{LISTE}/{apercu.pk}"):
            assert client_staff.get(adresse).status_code == 200


@pytest.mark.parametrize("route", [API, "/api/euromillions/conflits"])
def test_l_api_des_imports_est_reservee_au_personnel(api, client, route):
    methode = "get" if route.endswith("conflits") else "post"
    assert getattr(api, methode)(route).status_code == 403
    assert getattr(client, methode)(route).status_code == 401


# --- pages -------------------------------------------------------------------------------------------
def test_deposer_relire_confirmer(client_staff, utilisateur_staff):
    reponse = client_staff.post(LISTE, {"fichier": depot()})
    apercu = ImportTirages.objects.get()
    assert reponse.url == f"{LISTE}/{apercu.pk}"
    page = client_staff.get(reponse.url).content.decode()
    assert "rien n&#x27;est écrit" in page or "rien n'est écrit" in page
    assert "17/01/2017" in page
    assert not Tirage.objects.exists()
    page = client_staff.post(f"{reponse.url}/confirmer", follow=True).content.decode()
    assert "2 ajoutés" in page
    assert Tirage.objects.count() == 2
    apercu.refresh_from_db()
    assert apercu.auteur == utilisateur_staff
    encore = client_staff.post(f"{reponse.url}/confirmer", follow=True).content.decode()
    assert "déjà été appliqué" in encore
    adresse = client_staff.post(LISTE, {"fichier": depot()}).url
    assert "a déjà été importé (le " in client_staff.get(adresse).content.decode()


def test_abandonner_un_apercu(client_staff):
    client_staff.post(LISTE, {"fichier": depot()})
    apercu = ImportTirages.objects.get()
    client_staff.post(f"{LISTE}/{apercu.pk}/abandonner")
    assert not ImportTirages.objects.exists()


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [(b"n'importe quoi", "Format non reconnu"), (b"date\x00", "octets nuls"), (b"", "vide")],
)
def test_un_fichier_illisible_est_refuse_sur_la_page(client_staff, octets, phrase):
    reponse = client_staff.post(LISTE, {"fichier": depot(octets=octets)})
    assert reponse.status_code == 400
    assert phrase in reponse.content.decode()
    assert not ImportTirages.objects.exists()


def test_un_depot_sans_fichier_ou_trop_gros_est_refuse(client_staff, settings):
    assert client_staff.post(LISTE).status_code == 400
    settings.IMPORT_TAILLE_MAX_OCTETS = 1024
    reponse = client_staff.post(LISTE, {"fichier": depot(octets=b"x" * 1025)})
    assert "au plus 1024 octets" in reponse.content.decode()


def test_le_contenu_d_un_fichier_ne_devient_jamais_du_html(client_staff):
    octets = lignes("<script>alert(1)</script>,1,2,3,4,5,1,2", "2021-03-02,1,2,3,4,5,1,2")
    reponse = client_staff.post(LISTE, {"fichier": depot("<b>x.csv", octets)}, follow=True)
    page = reponse.content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<b>x" not in page


def test_un_fichier_suspect_ne_s_importe_qu_en_cochant_la_case(client_staff, conflit):
    octets = lignes("2021-03-02,1,2,3,4,7,1,2", "2021-03-05,1,2,3,4,5,1,2")
    adresse = client_staff.post(LISTE, {"fichier": depot("etranger.csv", octets)}).url
    assert "peut-être celui d" in client_staff.get(adresse).content.decode()
    client_staff.post(f"{adresse}/confirmer")
    assert Tirage.objects.count() == 1
    client_staff.post(f"{adresse}/confirmer", {"malgre_soupcon": "on"})
    assert Tirage.objects.count() == 2


def test_un_conflit_se_tranche_sur_la_page(client_staff, conflit, utilisateur_staff):
    page = client_staff.get(f"{LISTE}/conflits").content.decode()
    assert "02/03/2021" in page
    client_staff.post(f"{LISTE}/conflits/{conflit.pk}/trancher", {"decision": "remplacer"})
    assert Tirage.objects.get().n5 == 6
    assert HistoriqueTirage.objects.get().auteur == utilisateur_staff
    page = client_staff.get(f"{LISTE}/conflits").content.decode()
    assert "Aucun conflit en attente" in page
    assert "tirage remplacé" in page


def test_le_telechargement_non_regle_le_dit(client_staff, settings):
    settings.TIRAGES_ARCHIVE_URL = ""
    page = client_staff.post(f"{LISTE}/telecharger", follow=True).content.decode()
    assert "Téléchargement désactivé" in page


def test_la_liste_des_imports_tient_en_peu_de_requetes(client_staff, compter_requetes):
    for _ in range(8):
        importer([Fichier("g.csv", miniature("generique.csv"))], auteur=None)
    client_staff.get(LISTE)
    with compter_requetes() as requetes:
        client_staff.get(LISTE)
    assert len(requetes) <= 6


# --- API ---------------------------------------------------------------------------------------------
def test_l_api_donne_un_apercu_puis_l_applique(api_staff):
    reponse = api_staff.post(API, {"fichier": depot(), "appliquer": "false"}, format="multipart")
    assert reponse.status_code == 200
    corps = reponse.json()
    assert (corps["etat"], corps["ajoutes"], corps["format"]) == ("apercu", 2, "fdj-2016")
    assert not Tirage.objects.exists()
    reponse = api_staff.post(f"/api/euromillions/imports/{corps['id']}/confirmer")
    assert (reponse.status_code, reponse.json()["etat"]) == (200, "applique")
    assert Tirage.objects.count() == 2
    assert api_staff.post(f"/api/euromillions/imports/{corps['id']}/confirmer").status_code == 409


def test_l_api_importe_directement_et_deux_fois_sans_rien_ajouter(api_staff):
    comptes = []
    for _ in range(2):
        reponse = api_staff.post(API, {"fichier": depot(), "appliquer": "true"}, format="multipart")
        comptes.append((reponse.json()["ajoutes"], reponse.json()["identiques"]))
    assert comptes == [(2, 0), (0, 2)]


def test_l_api_nomme_le_champ_fautif(api_staff, settings):
    reponse = api_staff.post(API, {"fichier": depot(octets=b"rien")}, format="multipart")
    assert reponse.status_code == 400
    assert "Format non reconnu" in reponse.json()["champs"]["fichier"][0]
    assert "fichier" in api_staff.post(API, {}, format="multipart").json()["champs"]
    mauvais = api_staff.post(API, {"fichier": depot(), "appliquer": "peut-être"}, format="multipart")
    assert "appliquer" in mauvais.json()["champs"]
    settings.IMPORT_TAILLE_MAX_OCTETS = 1024
    gros = api_staff.post(API, {"fichier": depot(octets=b"x" * 2000)}, format="multipart")
    assert "1024" in gros.json()["champs"]["fichier"][0]
    assert api_staff.post(API, {"fichier": "texte"}, format="json").status_code == 415


def test_l_api_repond_409_pour_un_fichier_suspect(api_staff, conflit):
    octets = lignes("2021-03-02,1,2,3,4,7,1,2", "2021-03-05,1,2,3,4,5,1,2")
    corps = {"fichier": depot("e.csv", octets), "appliquer": "true"}
    reponse = api_staff.post(API, corps, format="multipart")
    assert (reponse.status_code, Tirage.objects.count()) == (409, 1)
    assert "autre jeu" in reponse.json()["detail"]
    corps = {"fichier": depot("e.csv", octets), "appliquer": "true", "malgre_soupcon": "true"}
    assert api_staff.post(API, corps, format="multipart").json()["ajoutes"] == 1


def test_l_api_liste_et_tranche_les_conflits(api_staff, conflit):
    (ligne,) = api_staff.get("/api/euromillions/conflits").json()["results"]
    assert ligne["en_place"] == {"numeros": [1, 2, 3, 4, 5], "etoiles": [1, 2]}
    assert ligne["propose"] == {"numeros": [1, 2, 3, 4, 6], "etoiles": [1, 2]}
    route = f"/api/euromillions/conflits/{ligne['id']}/trancher"
    assert "decision" in api_staff.post(route, {"decision": "x"}).json()["champs"]
    assert api_staff.post(route, {"decision": "garder"}).json()["resolution"] == "garder"
    assert api_staff.post(route, {"decision": "garder"}).status_code == 409
    assert api_staff.get("/api/euromillions/conflits").json()["count"] == 0


def test_l_import_est_decrit_dans_openapi(api_staff):
    chemins = api_staff.get("/api/schema", HTTP_ACCEPT="application/vnd.oai.openapi+json").json()["paths"]
    corps = chemins[API]["post"]["requestBody"]["content"]
    assert list(corps) == ["multipart/form-data"]
    assert "/api/euromillions/conflits/{cle}/trancher" in chemins


# --- admin -------------------------------------------------------------------------------------------
def test_l_admin_montre_les_imports_et_tranche_les_conflits(client_staff, conflit, compter_requetes):
    adresse = reverse("admin:euromillions_conflittirage_changelist")
    assert "1 2 3 4 6 + 1 2" in client_staff.get(adresse).content.decode()
    client_staff.post(adresse, {"action": "remplacer", "_selected_action": [conflit.pk]})
    assert Tirage.objects.get().n5 == 6
    page = client_staff.get(reverse("admin:euromillions_importtirages_changelist")).content.decode()
    assert "Importer un fichier" in page
    assert "Télécharger" not in page
    assert client_staff.get(reverse("admin:euromillions_importtirages_add")).status_code == 403
    fait = ImportTirages.objects.first()
    assert (
        client_staff.get(reverse("admin:euromillions_importtirages_change", args=[fait.pk])).status_code
        == 200
    )


def test_l_admin_propose_le_telechargement_quand_il_est_regle(client_staff, settings):
    settings.TIRAGES_ARCHIVE_URL = "https://archive.example/x.zip"
    page = client_staff.get(reverse("admin:euromillions_importtirages_changelist")).content.decode()
    assert reverse("euromillions-imports:telecharger") in page


# --- commande ----------------------------------------------------------------------------------------
def test_la_commande_a_blanc_n_ecrit_rien_et_dit_comment_appliquer(capsys):
    call_command("importer_tirages", str(MINIATURES / "fdj_2016.csv"))
    sortie = capsys.readouterr().out
    assert "ajoutés          2" in sortie
    assert "relancer avec --appliquer" in sortie
    assert not Tirage.objects.exists()


def test_la_commande_applique_et_rend_le_compte_en_json(capsys):
    chemins = [str(MINIATURES / nom) for nom in ("fdj_2016.csv", "generique.csv")]
    call_command("importer_tirages", *chemins, "--appliquer", "--json")
    assert [compte["ajoutes"] for compte in json.loads(capsys.readouterr().out)] == [2, 2]
    assert Tirage.objects.count() == 4


def test_la_commande_dit_les_tirages_fictifs_supprimes(capsys):
    from datetime import date

    from euromillions.tirages.demo import charger_fictifs

    nombre = charger_fictifs(jusqu_au=date(2004, 4, 1))
    call_command("importer_tirages", str(MINIATURES / "fdj_2016.csv"), "--appliquer")
    assert f"{nombre} tirages fictifs de démonstration ont été supprimés" in capsys.readouterr().out


def code_de(*arguments: str) -> int:
    try:
        call_command("importer_tirages", *arguments)
    except CommandError as erreur:
        return erreur.returncode
    except SystemExit as sortie:
        return int(sortie.code or 0)
    return 0


def test_les_codes_de_sortie_distinguent_refus_soupcon_et_lignes_a_regarder(tmp_path, capsys):
    bon, contraire, etranger = (tmp_path / nom for nom in ("bon.csv", "contraire.csv", "etranger.csv"))
    bon.write_bytes(lignes("2021-03-02,1,2,3,4,5,1,2"))
    contraire.write_bytes(lignes("2021-03-02,1,2,3,4,6,1,2"))
    etranger.write_bytes(lignes("2021-03-02,1,2,3,4,6,1,2", "2021-03-05,1,2,3,4,6,1,2"))
    assert code_de(str(tmp_path / "absent.csv")) == 1
    assert code_de(str(MINIATURES / ".gitattributes")) == 1
    assert code_de(str(bon), "--appliquer") == 0
    assert code_de(str(contraire), "--appliquer") == 4
    assert code_de(str(etranger)) == 3
    assert code_de(str(etranger), "--appliquer") == 3
    assert Tirage.objects.count() == 1
    assert code_de(str(etranger), "--appliquer", "--malgre-soupcon") == 4
    assert Tirage.objects.count() == 2
    capsys.readouterr()
