"""Aux limites de l'histoire : un seul tirage, une seule ère, une sélection vide ; pages et API."""

from datetime import date

import pytest
from django.urls import reverse

from euromillions.models import Ere
from euromillions.tests.outils.fabriques import un_tirage

pytestmark = pytest.mark.django_db
FILTREES = ("frequences", "ecarts", "combinaisons", "repartitions", "uniformite", "gains")
NOMS = ("accueil", "tirages", *FILTREES, "heuristiques", "precision")
PAGES = [reverse(f"euromillions:{nom}") for nom in NOMS]
PAGES += ["/euromillions/numeros/7", "/euromillions/etoiles/12"]
API = "/api/euromillions/"
CHEMINS = (
    "quick-stats", "stats", "gap-analysis", "combination-analysis", "numbers/7", "stars/2", "payouts",
    "years", "eras", "draws", "gap-prediction", "frequent-combinations", "popularity", "precision",
)  # fmt: skip


@pytest.fixture
def un_seul(db):
    un_tirage(date(2024, 1, 2), (3, 12, 24, 37, 50), (2, 11)).save()


@pytest.fixture
def une_seule_ere(petite_histoire):
    Ere.objects.exclude(code="12-etoiles").delete()


@pytest.mark.parametrize("adresse", PAGES)
def test_avec_un_seul_tirage_chaque_page_s_affiche(client_connecte, un_seul, adresse):
    assert client_connecte.get(adresse).status_code == 200


@pytest.mark.parametrize("adresse", PAGES)
def test_avec_une_seule_ere_chaque_page_s_affiche(client_connecte, une_seule_ere, adresse):
    assert client_connecte.get(adresse).status_code == 200


@pytest.mark.parametrize("chemin", CHEMINS)
def test_l_api_repond_sans_tirage_et_avec_un_seul(api, db, chemin):
    assert api.get(API + chemin).status_code == 200
    un_tirage(date(2024, 1, 2)).save()
    assert api.get(API + chemin).status_code == 200


@pytest.mark.rapide
def test_les_chiffres_d_un_seul_tirage_sont_les_siens(api, un_seul):
    rapides = api.get(f"{API}quick-stats").json()
    assert rapides["total_draws"] == 1
    assert [b["numero"] for b in rapides["numbers"] if b["count"]] == [3, 12, 24, 37, 50]
    assert {b["last_appearance"] for b in rapides["stars"] if b["count"]} == {"2024-01-02"}
    lignes = api.get(f"{API}gap-analysis").json()["numbers"]
    assert [lignes[numero - 1]["current_gap"] for numero in (3, 4)] == [0, None]
    assert api.get(f"{API}stats").json()["date_range"] == {"start": "2024-01-02", "end": "2024-01-02"}


@pytest.mark.rapide
def test_une_selection_vide_n_est_pas_une_erreur(api, client_connecte, un_seul):
    assert api.get(f"{API}quick-stats?year=1990").json()["total_draws"] == 0
    for nom in FILTREES:
        page = client_connecte.get(reverse(f"euromillions:{nom}"), {"year": "1990"})
        assert page.status_code == 200
        assert "<canvas" not in page.content.decode()


@pytest.mark.rapide
def test_une_ere_retiree_n_est_plus_un_filtre(api, une_seule_ere):
    assert api.get(f"{API}quick-stats?era=12-etoiles").status_code == 200
    assert list(api.get(f"{API}quick-stats?era=9-etoiles").json()["champs"]) == ["era"]


@pytest.mark.rapide
@pytest.mark.parametrize(
    ("chemin", "statut"),
    [
        ("numbers/50", 200), ("numbers/51", 404), ("numbers/0", 404), ("stars/13", 404),
        ("draws/2024-01-03", 404), ("draws/hier", 404), ("draws/2024-02-31", 404), ("draws/2024-01-02", 200),
    ],
)  # fmt: skip
def test_ce_qui_n_existe_pas_rend_404(api, un_seul, chemin, statut):
    assert api.get(API + chemin).status_code == statut
