"""La précision des stratégies : les moyennes sont celles des grilles, comptées une à une."""

from datetime import date
from decimal import Decimal

import pytest

from euromillions.grilles import lancement
from euromillions.models import GainRang, Grille, Strategie, Tirage
from euromillions.precision import strategies
from euromillions.tests.outils.fabriques import un_tirage
from euromillions.tests.outils.grilles import arriver, generer

pytestmark = pytest.mark.django_db
CIBLES = (date(2024, 1, 5), date(2024, 1, 9), date(2024, 1, 12))


@pytest.fixture
def trois_tirages(db, monkeypatch):
    """Vingt grilles au hasard pour chacun de trois tirages, tous arrivés."""
    un_tirage().save()
    for place, cible in enumerate(CIBLES):
        monkeypatch.setattr(lancement, "prochaine_cible", lambda maintenant, cible=cible: cible)
        generer(nombre=20, graine=place)
        arriver(cible, (3, 12, 24, 37, 40 + place))


@pytest.mark.rapide
def test_la_moyenne_l_intervalle_et_la_repartition_se_recomptent_a_la_main(trois_tirages):
    mesure = strategies.calculer()["random"]
    trouves = list(
        Grille.objects.order_by("cible").values_list("cible", "numeros_trouves", "etoiles_trouvees")
    )
    assert (mesure["grids"], mesure["draws"]) == (60, 3)
    assert mesure["numbers"]["mean"] == pytest.approx(sum(n for _, n, _ in trouves) / 60)
    assert mesure["stars"]["mean"] == pytest.approx(sum(e for *_, e in trouves) / 60)
    assert mesure["numbers"]["expected"] == pytest.approx(0.5)
    assert mesure["stars"]["expected"] == pytest.approx(1 / 3)
    naives = sum(n >= 3 or e >= 1 for _, n, e in trouves)
    assert mesure["naive"]["rate_pct"] == pytest.approx(100 * naives / 60)
    numeros = mesure["numbers"]
    # L'écart-type du hasard borne la demi-largeur : l'intervalle ne dépend d'aucune dispersion estimée.
    ecart_type = (numeros["mean"] - numeros["expected"]) / numeros["z"]
    assert numeros["ci_low"] < numeros["mean"] < numeros["ci_high"]
    assert (numeros["ci_high"] - numeros["ci_low"]) / 2 == pytest.approx(1.96 * ecart_type, rel=0.1)
    assert (numeros["ci_low"] <= 0.5 <= numeros["ci_high"]) == (numeros["p"] >= 0.05)


@pytest.mark.rapide
@pytest.mark.parametrize(
    ("depuis", "jusqu_au", "grilles"),
    [(None, None, 60), (CIBLES[1], None, 40), (None, CIBLES[1], 40), (CIBLES[1], CIBLES[1], 20)],
)
def test_la_periode_comprend_ses_bornes(trois_tirages, depuis, jusqu_au, grilles):
    assert strategies.calculer(depuis, jusqu_au)["random"]["grids"] == grilles
    assert strategies.lire(depuis=depuis, jusqu_au=jusqu_au).valeur["random"]["grids"] == grilles


def test_une_periode_sans_tirage_ne_mesure_rien(trois_tirages):
    assert strategies.calculer(date(2025, 1, 1), None) == {}
    assert strategies.en_lignes({}) == []


def test_un_gain_inconnu_ecarte_tout_son_tirage_du_retour(trois_tirages):
    for cible in CIBLES[:2]:
        GainRang.objects.create(tirage=Tirage.objects.get(date=cible), rang=2, gain=1)
    Grille.objects.update(rang=0, gain=0)
    for cible, gain in zip(CIBLES, (Decimal(50), None, Decimal(50)), strict=True):
        gagnante = Grille.objects.filter(cible=cible).first()
        Grille.objects.filter(pk=gagnante.pk).update(rang=1, gain=gain)
    mesure = strategies.calculer()["random"]
    assert (mesure["priced_grids"], mesure["cost"]) == (20, 50.0)
    assert (mesure["winnings"], mesure["return_rate"]) == (50.0, 1.0)
    assert mesure["ranks"] == {"1": 3}


def test_les_lignes_suivent_l_ordre_des_strategies_et_portent_leur_nom(trois_tirages):
    mesure = strategies.calculer()["random"]
    lignes = strategies.en_lignes({"random": mesure, "gap_based": mesure, "frequency_based": mesure})
    assert [ligne["strategy"] for ligne in lignes] == ["frequency_based", "gap_based", "random"]
    assert lignes[0]["name"] == Strategie.FREQUENCE.label
