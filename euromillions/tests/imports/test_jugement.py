"""Un fichier jugé par lui-même : jours sautés, tirage recopié, jour et mois échangés, à chaque porte."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from euromillions.imports.jugement import juger
from euromillions.imports.service import Fichier, ImportSuspect, a_blanc, confirmer, importer, previsualiser
from euromillions.models import Tirage
from euromillions.tests.outils.imports import ERES, lignes_reelles, lire_texte

ENTETE = "date,n1,n2,n3,n4,n5,e1,e2\n"
API = "/api/euromillions/import"
CONNU = "2026-01-09,1,7,10,26,34,2,4"
ECHANGE = "01/09/2026,1,7,10,26,34,2,4"
RECOPIE = "2026-08-25,1,7,10,26,34,2,4"


def fichier(*lignes: str) -> Fichier:
    return Fichier("f.csv", (ENTETE + "\n".join(lignes) + "\n").encode())


def histoire(debut: date, pas: int, nombre: int) -> list[str]:
    """Des tirages tous différents, un tous les `pas` jours."""
    return [
        f"{debut + timedelta(days=pas * n)},{1 + n % 9},{11 + n % 8},{21 + n % 7},31,{41 + n % 5},1,2"
        for n in range(nombre)
    ]


def juge(*lignes: str, connus=(), sortis=None):
    lu = lire_texte(ENTETE + "\n".join(lignes))
    return juger(lu, lu.lues, eres=ERES, connus=set(connus), sortis=sortis or {})


@pytest.mark.rapide
def test_un_jour_de_tirage_saute_est_nomme_sans_retenir_le_fichier():
    jugement = juge("2021-03-02,1,2,3,4,5,1,2", "2021-03-09,1,2,3,4,6,1,2")
    assert jugement.sautes == (date(2021, 3, 5),)
    assert "05/03/2021" in jugement.remarque
    assert jugement.soupcon == ""


@pytest.mark.rapide
def test_un_jour_saute_que_la_base_connait_n_est_pas_un_trou():
    lignes = ("2021-03-02,1,2,3,4,5,1,2", "2021-03-09,1,2,3,4,6,1,2")
    assert juge(*lignes, connus=[date(2021, 3, 5)]).sautes == ()


@pytest.mark.rapide
def test_une_histoire_qui_saute_la_moitie_des_jours_est_soupconnee():
    assert "des 59 jours de tirage" in juge(*histoire(date(2021, 3, 2), 7, 30)).soupcon


@pytest.mark.rapide
def test_l_histoire_reelle_ne_saute_rien_et_ne_recopie_rien():
    lues = lignes_reelles()
    lu = lire_texte(
        ENTETE + "\n".join(f"{li.date}," + ",".join(map(str, li.numeros + li.etoiles)) for li in lues)
    )
    jugement = juger(lu, lu.lues, eres=ERES, connus=(), sortis={})
    assert (jugement.lus, jugement.sautes, jugement.copies) == (len(lues), (), ())


@pytest.mark.rapide
def test_un_tirage_recopie_se_voit_dans_le_fichier_comme_dans_la_base():
    dans_le_fichier = juge("2021-03-02,1,2,3,4,5,1,2", "2021-03-05,1,2,3,4,5,1,2")
    dans_la_base = juge("2021-03-05,5,4,3,2,1,2,1", sortis={((1, 2, 3, 4, 5), (1, 2)): date(2021, 3, 2)})
    for jugement in (dans_le_fichier, dans_la_base):
        (copie,) = jugement.copies
        assert (copie.ligne.date, copie.deja_sorti_le) == (date(2021, 3, 5), date(2021, 3, 2))
        assert "du 02/03/2021" in jugement.soupcon


@pytest.fixture
def en_place(db):
    importer([fichier(CONNU)], auteur=None)


def test_un_tirage_recopie_n_entre_que_confirme(en_place):
    with pytest.raises(ImportSuspect, match=r"25/08/2026 porte .* du 09/01/2026"):
        importer([fichier(RECOPIE)], auteur=None)
    assert Tirage.objects.count() == 1
    importer([fichier(RECOPIE)], auteur=None, malgre_soupcon=True)
    assert Tirage.objects.count() == 2


def test_le_tirage_connu_decide_du_jour_et_du_mois(en_place):
    (rendu,) = a_blanc([fichier(ECHANGE)])
    assert (rendu["ajoutes"], rendu["identiques"], rendu["rapport"]["style_date"]) == (0, 1, "MM/JJ/AAAA")


@pytest.mark.django_db
def test_un_apercu_s_applique_comme_il_a_ete_lu(utilisateur_staff):
    apercu = previsualiser(fichier(ECHANGE), auteur=utilisateur_staff, style_date="MM/JJ/AAAA")
    confirmer(apercu, auteur=utilisateur_staff)
    assert Tirage.objects.get().date == date(2026, 1, 9)


def test_un_saut_se_lit_a_blanc_par_la_commande(en_place, tmp_path, capsys):
    chemin = tmp_path / "f.csv"
    chemin.write_bytes(fichier("2026-01-02,1,2,3,4,5,1,2", CONNU).octets)
    call_command("importer_tirages", str(chemin))
    assert "manque dans la période de ce fichier : 06/01/2026" in capsys.readouterr().out


@pytest.mark.django_db
def test_la_commande_demande_un_style_puis_le_suit(tmp_path):
    chemin = tmp_path / "f.csv"
    chemin.write_bytes(fichier(ECHANGE).octets)
    with pytest.raises(CommandError, match="choisir le style"):
        call_command("importer_tirages", str(chemin), "--appliquer")
    call_command("importer_tirages", str(chemin), "--appliquer", "--style-date", "MM/JJ/AAAA")
    assert Tirage.objects.get().date == date(2026, 1, 9)


def depot(*lignes: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("f.csv", fichier(*lignes).octets)


@pytest.mark.django_db
def test_la_page_et_l_api_demandent_un_style_puis_le_suivent(client_staff, api_staff):
    adresse = "/euromillions/imports"
    page = client_staff.post(adresse, {"fichier": depot(ECHANGE)})
    assert page.status_code == 400
    assert "choisir le style" in page.content.decode()
    refus = api_staff.post(API, {"fichier": depot(ECHANGE)}, format="multipart")
    assert "choisir le style" in refus.json()["champs"]["fichier"][0]
    corps = {"fichier": depot(ECHANGE), "style_date": "MM/JJ/AAAA"}
    assert api_staff.post(API, corps, format="multipart").json()["rapport"]["premier"] == "2026-01-09"
    corps = {"fichier": depot(ECHANGE), "style_date": "MM/JJ/AAAA"}
    assert "09/01/2026" in client_staff.post(adresse, corps, follow=True).content.decode()


def test_la_page_et_l_api_disent_le_tirage_recopie_et_le_jour_saute(en_place, client_staff, api_staff):
    page = client_staff.post("/euromillions/imports", {"fichier": depot(RECOPIE)}, follow=True)
    assert "est-ce un tirage recopié" in page.content.decode()
    reponse = api_staff.post(API, {"fichier": depot(RECOPIE), "appliquer": "true"}, format="multipart")
    assert (reponse.status_code, Tirage.objects.count()) == (409, 1)
    saut = depot("2026-01-02,1,2,3,4,5,1,2", CONNU)
    page = client_staff.post("/euromillions/imports", {"fichier": saut}, follow=True)
    assert "06/01/2026" in page.content.decode()
