"""L'admin des tirages : boules dessinées, recherche, filtres, saisie, droits."""

from datetime import date

import pytest
from django.urls import reverse

from euromillions.admin.jeu import chercher
from euromillions.lectures import histoire
from euromillions.models import HistoriqueTirage, Source, Tirage
from euromillions.tests.outils.fabriques import MARDI, un_tirage
from euromillions.tirages.demo import charger_fictifs
from simulateur.langue.revisions import revision_en_texte

pytestmark = pytest.mark.django_db
LISTE = reverse("admin:euromillions_tirage_changelist")
AJOUT = reverse("admin:euromillions_tirage_add")
SAISIE = {
    "date": "02/01/2024", "n1": 50, "n2": 3, "n3": 24, "n4": 12, "n5": 37, "e1": 11, "e2": 2,
    "ordre_numeros": "50-3-24-12-37", "ordre_etoiles": "",
    "gains-TOTAL_FORMS": 0, "gains-INITIAL_FORMS": 0,
}  # fmt: skip


@pytest.mark.rapide
def test_la_liste_dessine_les_boules_et_dit_la_revision(client_staff, petite_histoire):
    contenu = client_staff.get(LISTE).content.decode()
    assert contenu.count('class="em-boule"') == 50 * 5
    assert f"révision des données : {revision_en_texte(histoire.revision())}" in contenu


def test_la_liste_coute_un_nombre_fixe_de_requetes(client_staff, petite_histoire, compter_requetes):
    client_staff.get(LISTE)
    with compter_requetes() as requetes:
        client_staff.get(LISTE)
    assert len(requetes) <= 10


@pytest.mark.parametrize("parametres", [{"annee": 2017}, {"jour__exact": 2}, {"source__exact": "generique"}])
def test_la_liste_se_filtre(client_staff, petite_histoire, parametres):
    assert client_staff.get(LISTE, parametres).status_code == 200


@pytest.mark.parametrize(
    ("texte", "trouves"),
    [
        ("02/01/2024", 1), ("2024-01-02", 1), ("2024", 2), ("01/2024", 2), ("2024-01", 2), ("3 12", 1),
        ("*11", 2), ("3,12 *11", 1), ("49", 0), ("n'importe quoi", 0), ("31/02/2024", 0), ("9999999999", 0),
        ("13/2024", 0),
    ],
)  # fmt: skip
def test_la_recherche_lit_une_date_ou_des_boules(texte, trouves):
    un_tirage().save()
    un_tirage(date(2024, 1, 5), (1, 2, 3, 4, 5), (1, 11)).save()
    assert chercher(Tirage.objects.all(), texte).count() == trouves


@pytest.mark.rapide
def test_la_saisie_range_les_boules_et_garde_l_ordre_de_sortie(client_staff):
    assert client_staff.post(AJOUT, SAISIE).status_code == 302
    tirage = Tirage.objects.get()
    assert (tirage.numeros, tirage.etoiles) == ((3, 12, 24, 37, 50), (2, 11))
    assert (tirage.source, tirage.ordre_numeros) == (Source.SAISIE, "50-3-24-12-37")


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"n1": 51}, "numéro 51 hors de la réserve de cette date (1 à 50)."),
        ({"n1": 3}, "numéro 3 donné deux fois."),
        ({"e1": 13}, "étoile 13 hors de la réserve"),
        ({"date": "03/01/2024"}, "est un mercredi"),
        ({"date": ""}, "Ce champ est obligatoire."),
        ({"n1": "x"}, "Saisissez un nombre entier."),
    ],
)
def test_la_saisie_explique_ses_refus(client_staff, change, phrase):
    page = client_staff.post(AJOUT, SAISIE | change)
    assert page.status_code == 200
    assert phrase in page.content.decode().replace("&#x27;", "'")
    assert not Tirage.objects.exists()


def test_la_saisie_refuse_une_date_deja_prise(client_staff):
    un_tirage().save()
    assert "Un tirage existe déjà à cette date." in client_staff.post(AJOUT, SAISIE).content.decode()


def test_corriger_laisse_une_trace_signee(client_staff, utilisateur_staff):
    tirage = un_tirage()
    tirage.save()
    adresse = reverse("admin:euromillions_tirage_change", args=[tirage.pk])
    assert client_staff.post(adresse, SAISIE | {"e1": 12}).status_code == 302
    assert HistoriqueTirage.objects.get().auteur == utilisateur_staff


def test_saisir_un_vrai_tirage_retire_les_fictifs_meme_le_meme_jour(client_staff):
    charger_fictifs(jusqu_au=MARDI)
    page = client_staff.post(AJOUT, SAISIE, follow=True)
    assert "tirages fictifs de démonstration ont été retirés" in page.content.decode()
    assert Tirage.objects.get().fictif is False


def test_un_tirage_fictif_ne_se_corrige_pas(client_staff):
    charger_fictifs(jusqu_au=date(2004, 2, 20))
    fictif = Tirage.objects.first()
    adresse = reverse("admin:euromillions_tirage_change", args=[fictif.pk])
    assert client_staff.post(adresse, SAISIE).status_code == 403


@pytest.mark.parametrize("action", ["add", "changelist"])
def test_une_trace_ne_se_cree_ni_ne_se_modifie(client_staff, action):
    page = client_staff.get(reverse(f"admin:euromillions_historiquetirage_{action}"))
    assert page.status_code == (403 if action == "add" else 200)
