"""Le prix d'une grille : des lignes datées, que l'admin modifie et que mises et retours suivent aussitôt."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from euromillions.grilles import verification
from euromillions.grilles.grille_donnee import GrilleDonnee
from euromillions.jeu.prix import NOTE_DU_RETOUR, installer_prix
from euromillions.lectures import histoire
from euromillions.lectures.terrain import lire_le_terrain
from euromillions.models import GainRang, PrixGrille
from euromillions.precision import strategies
from euromillions.tests.outils.fabriques import un_tirage
from euromillions.tests.outils.grilles import arriver, generer

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]
GRILLE = GrilleDonnee((1, 2, 3, 4, 5), (1, 2))


@pytest.mark.parametrize(
    ("jour", "prix"),
    [
        (date(2004, 2, 12), None),
        (date(2004, 2, 13), 2.0),
        (date(2014, 1, 31), 2.0),
        (date(2014, 2, 4), 2.5),
        (date(2016, 9, 27), 2.5),
    ],
)
def test_la_grille_coute_deux_euros_cinquante_depuis_my_million(jour, prix):
    assert PrixGrille.objects.bareme().du_jour(jour) == prix


def test_chaque_prix_a_sa_source_et_reste_tel_qu_on_l_a_corrige():
    assert all(PrixGrille.objects.values_list("source", flat=True))
    PrixGrille.objects.filter(debut=date(2014, 2, 4)).update(montant=Decimal("2.60"))
    installer_prix(PrixGrille)
    assert PrixGrille.objects.bareme().du_jour(date(2020, 1, 3)) == 2.6
    PrixGrille.objects.all().delete()
    installer_prix(PrixGrille)
    assert PrixGrille.objects.count() == 2


@pytest.mark.parametrize("montant", [0, -1])
def test_un_prix_nul_ou_negatif_est_refuse(montant):
    with pytest.raises(ValidationError):
        PrixGrille(debut=date(2030, 1, 1), montant=montant, source="essai").full_clean()


def test_un_prix_saisi_dans_l_admin_vaut_des_le_tirage_de_ce_jour(client_staff):
    for jour in (date(2013, 12, 31), date(2014, 2, 4), date(2024, 1, 2)):
        un_tirage(jour, etoiles=(1, 2)).save()
    avant = histoire.revision()
    assert lire_le_terrain(histoire.charger()).prix.tolist() == [2.0, 2.5, 2.5]
    reponse = client_staff.post(
        reverse("admin:euromillions_prixgrille_add"),
        {"debut": "02/01/2024", "montant": "3.10", "source": "essai"},
    )
    assert reponse.status_code == 302, reponse.content.decode()
    assert histoire.revision() > avant
    assert lire_le_terrain(histoire.charger()).prix.tolist() == [2.0, 2.5, 3.1]
    assert verification.verifier(GRILLE)["cost"] == pytest.approx(7.6)
    assert client_staff.get(reverse("admin:euromillions_prixgrille_changelist")).status_code == 200


def test_sans_prix_connu_ni_mise_ni_retour(client_connecte):
    tirage = un_tirage(date(2024, 1, 2), (1, 2, 3, 4, 5), (1, 2))
    tirage.save()
    GainRang.objects.create(tirage=tirage, rang=1, gain=17_000_000)
    PrixGrille.objects.all().delete()
    lu = verification.verifier(GRILLE)
    assert (lu["cost"], lu["return_rate"], lu["draws_with_known_prizes"]) == (None, None, 0)
    assert client_connecte.get("/euromillions/verificateur?grille=1,2,3,4,5/1,2").status_code == 200


def test_les_grilles_jugees_sans_prix_connu_ne_comptent_ni_mise_ni_gain(monkeypatch):
    un_tirage().save()
    cible = date(2024, 1, 5)
    monkeypatch.setattr("euromillions.grilles.lancement.prochaine_cible", lambda maintenant: cible)
    generer(nombre=20)
    tirage = arriver(cible)
    GainRang.objects.bulk_create(GainRang(tirage=tirage, rang=rang, gain=4) for rang in range(1, 14))
    PrixGrille.objects.all().delete()
    mesure = strategies.calculer()["random"]
    assert (mesure["priced_grids"], mesure["cost"], mesure["return_rate"]) == (0, 0.0, None)


def test_my_million_est_dit_partout_ou_un_retour_se_montre(api, client_connecte):
    un_tirage().save()
    phrase = NOTE_DU_RETOUR.replace("'", "&#x27;")
    for adresse in ("/euromillions/gains", "/euromillions/verificateur?grille=1,2,3,4,5/1,2"):
        assert phrase in client_connecte.get(adresse).content.decode(), adresse
    for chemin in ("precision", "check-grid?numbers=1,2,3,4,5&stars=1,2"):
        assert api.get(f"/api/euromillions/{chemin}").json()["return_note"] == NOTE_DU_RETOUR
