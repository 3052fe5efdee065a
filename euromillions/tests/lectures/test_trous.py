"""Une date de tirage qui manque se lit partout où un écart l'enjambe, toutes, et là seulement."""

from datetime import date

import pytest
from django.urls import reverse

from euromillions.models import Tirage
from euromillions.tests.outils.fabriques import un_tirage

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]
API = "/api/euromillions/"


@pytest.fixture
def a_trous():
    """Les tirages des mardis de quatre semaines : les trois vendredis entre eux manquent."""
    for jour in (2, 9, 16, 23):
        un_tirage(date(2024, 1, jour), numeros=(jour, 30, 31, 32, 33)).save()


@pytest.mark.parametrize("chemin", ["gap-analysis", "stats", "numbers/30", "stars/2"])
def test_l_api_dit_les_dates_que_les_ecarts_enjambent(api, a_trous, chemin):
    dates = api.get(API + chemin).json()["missing_dates"]
    assert dates == ["2024-01-05", "2024-01-12", "2024-01-19"]


@pytest.mark.parametrize(
    ("filtre", "attendues"),
    [
        ("weekday=2", []),
        ("date_from=2024-01-09", ["2024-01-12", "2024-01-19"]),
        ("year=2024&month=1&date_to=2024-01-10", ["2024-01-05"]),
        ("era=9-etoiles", []),
    ],
)
def test_une_selection_ne_dit_que_les_dates_qu_elle_aurait_eues(api, a_trous, filtre, attendues):
    assert api.get(f"{API}gap-analysis?{filtre}").json()["missing_dates"] == attendues


@pytest.mark.parametrize("nom", ["ecarts", "numero"])
def test_la_page_avertit_et_liste_chaque_date(client_connecte, a_trous, nom):
    adresse = reverse(f"euromillions:{nom}", args=[30] if nom == "numero" else [])
    page = client_connecte.get(adresse).content.decode()
    assert "comptés trop courts" in page
    assert all(jour in page for jour in ("05/01/2024", "12/01/2024", "19/01/2024"))


def test_sans_trou_la_page_n_avertit_de_rien(client_connecte):
    for jour in (2, 5, 9):
        un_tirage(date(2024, 1, jour)).save()
    assert "comptés trop courts" not in client_connecte.get(reverse("euromillions:ecarts")).content.decode()


def test_l_accueil_liste_toutes_les_dates_et_non_les_douze_dernieres(client_connecte):
    un_tirage(date(2024, 1, 2)).save()
    un_tirage(date(2024, 12, 31)).save()
    page = client_connecte.get(reverse("euromillions:accueil")).content.decode()
    assert all(jour in page for jour in ("05/01/2024", "09/01/2024", "27/12/2024"))
    assert Tirage.objects.count() == 2
