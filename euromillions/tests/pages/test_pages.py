"""Les pages : elles s'affichent, disent vrai, n'écrivent jamais, et leur cache suit les données."""

from datetime import date

import pytest
from django.core.cache import caches
from django.urls import reverse

from euromillions.lectures import histoire
from euromillions.models import Tirage
from euromillions.tests.outils.fabriques import un_tirage
from euromillions.tirages.demo import charger_fictifs
from simulateur.cache.disjoncteur import disjoncteur
from simulateur.langue.revisions import revision_en_texte
from simulateur.tests.outils.texte import texte_visible

pytestmark = pytest.mark.django_db
FILTREES = ("frequences", "ecarts", "combinaisons", "repartitions", "uniformite", "gains")
ADRESSES = [
    *(reverse(f"euromillions:{nom}") for nom in ("accueil", "tirages", *FILTREES)),
    "/euromillions/numeros/7",
    "/euromillions/etoiles/12",
]


@pytest.mark.rapide
@pytest.mark.parametrize("adresse", ADRESSES)
def test_chaque_page_demande_un_compte_s_affiche_et_n_ecrit_pas(
    client, client_connecte, petite_histoire, lecture_seule, adresse
):
    assert client.get(adresse).status_code == 302
    with lecture_seule():
        page = client_connecte.get(adresse)
    assert page.status_code == 200
    contenu = page.content.decode()
    assert "Le hasard décide." in contenu
    assert "fictives" not in contenu
    assert f"Tirages : révision {revision_en_texte(histoire.revision())}" in contenu


@pytest.mark.parametrize("adresse", ADRESSES)
def test_sans_aucun_tirage_la_page_le_dit(client_connecte, adresse):
    page = client_connecte.get(adresse)
    assert page.status_code == 200
    assert "Aucun" in page.content.decode()


@pytest.mark.parametrize("adresse", ADRESSES)
def test_des_tirages_fictifs_sont_annonces_partout(client_connecte, adresse):
    charger_fictifs(jusqu_au=date(2004, 6, 1))
    assert "Données fictives." in client_connecte.get(adresse).content.decode()


@pytest.mark.parametrize("nom", FILTREES)
def test_le_filtre_vit_dans_l_adresse(client_connecte, petite_histoire, nom):
    page = client_connecte.get(
        reverse(f"euromillions:{nom}"), {"year": petite_histoire[0].year, "month": "2"}
    )
    assert '<option value="2" selected>février</option>' in page.content.decode()


@pytest.mark.rapide
@pytest.mark.parametrize("nom", [*FILTREES, "tirages"])
def test_un_mauvais_filtre_est_explique_sans_chiffre(client_connecte, petite_histoire, nom):
    page = client_connecte.get(reverse(f"euromillions:{nom}"), {"year": "abc"})
    assert page.status_code == 400
    assert "Une année de 1900 à 2100." in page.content.decode()
    assert "<canvas" not in page.content.decode()


def test_chaque_figure_a_son_tableau(client_connecte, petite_histoire):
    for adresse in ADRESSES:
        contenu = client_connecte.get(adresse).content.decode()
        assert contenu.count("<canvas") == contenu.count("Voir les chiffres")


@pytest.mark.parametrize("adresse", ["/euromillions/numeros/51", "/euromillions/etoiles/0"])
def test_une_boule_inconnue_n_a_pas_de_page(client_connecte, adresse):
    assert client_connecte.get(adresse).status_code == 404


def test_une_page_en_cache_change_avec_les_tirages(client_connecte, petite_histoire):
    adresse = reverse("euromillions:frequences")
    client_connecte.get(adresse)
    premiere = texte_visible(client_connecte.get(adresse))
    assert texte_visible(client_connecte.get(adresse)) == premiere
    un_tirage().save()
    assert "61 tirages" in texte_visible(client_connecte.get(adresse))


def test_une_page_en_cache_ne_passe_jamais_d_un_compte_a_l_autre(
    client_connecte, client_staff, petite_histoire
):
    adresse = reverse("euromillions:accueil")
    for _ in range(2):
        assert "camille" in client_connecte.get(adresse).content.decode()
        assert "dominique" in client_staff.get(adresse).content.decode()
    page = client_connecte.get(adresse)
    assert {"Cookie", "HX-Request"} <= {nom.strip() for nom in page["Vary"].split(",")}
    assert page["Cache-Control"] == "private, no-cache"


def test_l_ordre_des_parametres_ne_multiplie_pas_les_entrees(client_connecte, petite_histoire):
    adresse = reverse("euromillions:ecarts")
    client_connecte.get(adresse)
    client_connecte.get(f"{adresse}?year=2017&month=3")
    avant = len(list(caches["pages"].iter_keys("page:*")))
    client_connecte.get(f"{adresse}?month=3&utm=x&year=2017&era=")
    assert len(list(caches["pages"].iter_keys("page:*"))) == avant > 0


def test_cache_de_pages_en_panne_la_page_s_affiche(client_connecte, petite_histoire):
    disjoncteur.declencher("pages", ConnectionError("arrêté"))
    disjoncteur.declencher("default", ConnectionError("arrêté"))
    assert client_connecte.get(reverse("euromillions:frequences")).status_code == 200


def test_la_liste_trouve_par_boules_et_coute_un_nombre_fixe_de_requetes(
    client_connecte, petite_histoire, compter_requetes
):
    tirage = Tirage.objects.get(date=petite_histoire[3])
    adresse = reverse("euromillions:tirages")
    page = client_connecte.get(adresse, {"numbers": " ".join(map(str, tirage.numeros))})
    assert f"{tirage.date:%d/%m/%Y}" in page.content.decode()
    with compter_requetes() as requetes:
        client_connecte.get(adresse)
    assert len(requetes) <= 6


def test_la_fiche_d_un_tirage_montre_ses_anciennes_valeurs(client_connecte, utilisateur):
    tirage = un_tirage()
    tirage.save()
    tirage.e2 = 12
    tirage.auteur_changement = utilisateur
    tirage.motif_changement = "faute de frappe"
    tirage.save()
    contenu = client_connecte.get(tirage.get_absolute_url()).content.decode()
    assert "Valeurs précédentes" in contenu
    assert "faute de frappe" in contenu
    assert client_connecte.get("/euromillions/tirages/2024-01-05").status_code == 404


def test_une_date_impossible_dans_l_adresse_rend_404(client_connecte):
    assert client_connecte.get("/euromillions/tirages/2024-02-31").status_code == 404
