"""Les lois que toute histoire respecte, et les petits cas comptés à la main."""

import json
from collections import Counter
from itertools import combinations, pairwise, product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from euromillions.statistiques import boule, complet, hasard, rapide
from euromillions.statistiques.combinaisons import compter, decoder
from euromillions.statistiques.ecarts import ecarts
from euromillions.statistiques.frequences import classer, frequences
from euromillions.statistiques.rangs import gains_mesures
from euromillions.statistiques.repartitions import repartitions
from euromillions.statistiques.uniformite import pearson, uniformites
from euromillions.tests.outils.fabriques import historique

pytestmark = pytest.mark.rapide


def boules(nombre, maximum):
    return st.lists(st.integers(1, maximum), min_size=nombre, max_size=nombre, unique=True).map(sorted)


histoires = st.lists(st.tuples(boules(5, 50), boules(2, 12)), min_size=1, max_size=30)
MINI = [
    ([1, 2, 3, 40, 50], [1, 2]),
    ([1, 10, 20, 30, 40], [1, 12]),
    ([5, 10, 20, 30, 41], [3, 4]),
    ([1, 2, 3, 40, 50], [1, 2]),
]


@settings(max_examples=40, deadline=None)
@given(histoires)
def test_la_somme_des_frequences_vaut_cinq_numeros_et_deux_etoiles_par_tirage(tirages):
    statistiques = rapide(historique(tirages))
    assert sum(une["count"] for une in statistiques["numbers"]) == 5 * len(tirages)
    assert sum(une["count"] for une in statistiques["stars"]) == 2 * len(tirages)


@settings(max_examples=30, deadline=None)
@given(histoires)
def test_les_comptes_et_les_ecarts_sont_ceux_d_un_comptage_naif(tirages):
    obtenu = ecarts(historique(tirages))["numbers"]
    for valeur in range(1, 51):
        rangs = [i for i, (numeros, _) in enumerate(tirages) if valeur in numeros]
        entre = [b - a for a, b in pairwise(rangs)]
        ligne = obtenu[valeur - 1]
        assert ligne["appearances"] == len(rangs)
        assert ligne["current_gap"] == (len(tirages) - 1 - rangs[-1] if rangs else None)
        assert ligne["max_gap"] == (max(entre) if entre else None)
        assert ligne["min_gap"] == (min(entre) if entre else None)
        assert ligne["mean_gap"] == (pytest.approx(sum(entre) / len(entre)) if entre else None)


@settings(max_examples=30, deadline=None)
@given(histoires, st.integers(2, 4))
def test_les_combinaisons_sont_celles_d_un_comptage_naif(tirages, taille):
    comptes = compter(historique(tirages).numeros, taille, 50)
    attendu = Counter(c for numeros, _ in tirages for c in combinations(numeros, taille))
    obtenu = {tuple(decoder(int(i), taille, 50)): int(comptes[i]) for i in np.flatnonzero(comptes)}
    assert obtenu == attendu
    assert comptes.sum() == len(tirages) * comb(5, taille)


@settings(max_examples=30, deadline=None)
@given(histoires)
def test_chaque_repartition_compte_tous_les_tirages(tirages):
    parts = repartitions(historique(tirages))
    for nom in ("odd", "low", "consecutive"):
        assert sum(parts[nom]["counts"].values()) == len(tirages)
        assert sum(parts[nom]["probs"].values()) == pytest.approx(1)
    for nom in ("weekday", "per_month", "per_year", "star_sums"):
        assert sum(parts[nom].values()) == len(tirages)
    assert sum(parts["sum"]["buckets"].values()) == len(tirages)
    assert sum(parts["sum"]["bucket_probs_exact"].values()) == pytest.approx(1)


@settings(max_examples=20, deadline=None)
@given(histoires)
def test_essais_et_sorties_selon_l_absence_sont_ceux_d_un_comptage_naif(tirages):
    essais, sorties = Counter(), Counter()
    derniere: dict[int, int] = {}
    for i, (numeros, _) in enumerate(tirages):
        for valeur, rang in derniere.items():
            essais[min(i - 1 - rang, 20)] += 1
            sorties[min(i - 1 - rang, 20)] += valeur in numeros
        derniere.update(dict.fromkeys(numeros, i))
    obtenu = ecarts(historique(tirages))
    for un in obtenu["hit_rate_by_current_gap"][:20]:
        assert (un["trials"], un["hits"]) == (essais[un["gap"]], sorties[un["gap"]])
    retard = obtenu["overdue_ge20_draws"]
    assert (retard["trials"], retard["hits"]) == (essais[20], sorties[20])


def test_une_histoire_vide_donne_des_listes_vides_et_pas_d_erreur():
    vide = historique([])
    assert rapide(vide) == {"total_draws": 0, "numbers": [], "stars": []}
    chiffres = complet(vide)
    json.dumps(chiffres, allow_nan=False)
    assert chiffres["gaps"]["top10_overdue"] == []
    assert chiffres["uniformity"]["numbers"] is None


@pytest.mark.parametrize("nombre", [1, 2, 3])
def test_une_histoire_minuscule_s_ecrit_en_json_sans_nombre_impossible(nombre):
    json.dumps(complet(historique(MINI[:nombre])), allow_nan=False)
    json.dumps(boule.histoire(historique(MINI[:nombre]), 1), allow_nan=False)
    json.dumps(boule.histoire(historique(MINI[:nombre]), 49, etoile=False), allow_nan=False)


def test_a_egalite_le_plus_petit_numero_passe_devant():
    comptes = np.array([3, 5, 5, 1, 1])
    assert classer(comptes, 3) == [(2, 5), (3, 5), (1, 3)]
    assert classer(comptes, 3, croissant=True) == [(4, 1), (5, 1), (1, 3)]


def test_un_tirage_repete_est_signale_avec_ses_dates():
    repetes = complet(historique(MINI))["combinations"]["repeated_draws"]
    assert repetes == [{"numbers": [1, 2, 3, 40, 50], "dates": ["2020-01-01", "2020-01-04"]}]


def test_l_attendu_des_etoiles_suit_l_urne_de_chaque_tirage():
    mixte = historique(MINI)
    mixte.reserves[:] = [9, 9, 12, 12]
    etoiles = frequences(mixte)["stars"]
    assert etoiles[0]["expected"] == pytest.approx(2 * 2 / 9 + 2 * 2 / 12)
    assert etoiles[11]["expected"] == pytest.approx(2 * 2 / 12)


def test_le_x2_est_corrige_du_tirage_sans_remise():
    test = pearson(np.full(12, 10) + np.arange(12) % 2 * 2 - 1, tirages=60, tires=2, reserve=12)
    assert test["correction_factor"] == pytest.approx(11 / 10)
    assert test["corrected_chi2"] == pytest.approx(test["pearson_chi2"] * 1.1)
    assert test["corrected_p"] < test["pearson_p_naive"]


def test_les_etoiles_de_deux_urnes_ne_se_testent_jamais_ensemble():
    mixte = historique(MINI)
    mixte.reserves[:] = [9, 11, 12, 12]
    tests = uniformites(mixte)
    assert list(tests["stars_by_pool"]) == ["9", "11", "12"]
    assert tests["tests"] == 6
    assert tests["smallest_p"] <= 1


def test_les_probabilites_exactes_somment_a_un():
    assert sum(hasard.sommes()) == pytest.approx(1)
    assert sum(hasard.paires_consecutives()) == pytest.approx(1)
    assert sum(hasard.hypergeometrique(50, 25, 5)) == pytest.approx(1)
    assert hasard.positions(50, 5).sum(axis=1) == pytest.approx(1)


def comptes_simules(tirages, tires, valeurs, essais, graine=20260821):
    """Comptes de chaque valeur, forme (essais, valeurs), par tirage d'une combinaison parmi toutes."""
    combinaisons = list(combinations(range(valeurs), tires))
    incidence = np.zeros((len(combinaisons), valeurs), dtype=np.int64)
    for ligne, boules in enumerate(combinaisons):
        incidence[ligne, list(boules)] = 1
    alea = np.random.default_rng(graine)
    chances = np.full(len(combinaisons), 1 / len(combinaisons))
    return alea.multinomial(tirages, chances, size=essais) @ incidence


@pytest.mark.parametrize(("valeurs", "tirages"), [(9, 20), (9, 378), (11, 561), (12, 60), (12, 1037)])
def test_la_chance_d_un_extreme_est_a_moins_d_un_point_de_la_simulation(valeurs, tirages):
    """Maxima et minima de deux étoiles parmi 9, 11 et 12, à chaque compte que la simulation a vu."""
    simules = comptes_simules(tirages, 2, valeurs, essais=60_000)
    loi = {"tirages": tirages, "tires": 2, "valeurs": valeurs}
    plus_sorties, moins_sorties = simules.max(axis=1), simules.min(axis=1)
    for observe in np.unique(plus_sorties).tolist():
        p = hasard.au_moins_un_au_dessus(observe, **loi)
        assert p == pytest.approx((plus_sorties >= observe).mean(), abs=0.01), observe
    for observe in np.unique(moins_sorties).tolist():
        p = hasard.au_moins_un_au_dessous(observe, **loi)
        assert p == pytest.approx((moins_sorties <= observe).mean(), abs=0.01), observe


def test_la_chance_d_un_extreme_des_numeros_est_celle_de_tirages_simules():
    """Trois mille histoires : l'écart admis est trois fois l'erreur de la simulation."""
    alea = np.random.default_rng(11)
    tirages, essais, seuil = 200, 3_000, 31
    depasses = 0
    for _ in range(essais):
        choisis = np.argpartition(alea.random((tirages, 50)), 5, axis=1)[:, :5]
        depasses += np.bincount(choisis.ravel(), minlength=50).max() >= seuil
    formule = hasard.au_moins_un_au_dessus(seuil, tirages=tirages, tires=5, valeurs=50)
    assert formule == pytest.approx(depasses / essais, abs=0.027)


@pytest.mark.parametrize("ecart", [0, 1, 2, 3])
def test_la_chance_d_une_absence_est_celle_de_l_enumeration(ecart):
    tirages = [set(choix) for choix in combinations(range(5), 2)]
    histoires = list(product(tirages, repeat=ecart))
    absences = sum(len(set().union(*histoire)) < 5 for histoire in histoires)
    assert hasard.au_moins_un_absent(ecart, tires=2, valeurs=5) == pytest.approx(absences / len(histoires))


def test_une_longue_absence_ne_deborde_pas():
    assert hasard.au_moins_un_absent(3_000, tires=5, valeurs=50) == pytest.approx(50 * 0.9**3_000)
    assert 0 < hasard.au_moins_un_absent(60, tires=2, valeurs=12) < 0.001


def test_une_urne_entierement_tiree_n_a_pas_d_extreme():
    assert hasard.au_moins_un_au_dessus(8, tirages=8, tires=2, valeurs=2) == 1
    assert hasard.au_moins_un_au_dessus(9, tirages=8, tires=2, valeurs=2) == 0


def test_le_gain_moyen_est_pondere_par_les_gagnants():
    mesures = gains_mesures(
        [(1, "5+2", 1e-8), (2, "5+1", 1e-6)],
        lignes_rang=np.array([1, 2, 1, 2]),
        gagnants=np.array([0, 3, 0, 1]),
        gains=np.array([0.0, 100.0, 0.0, 200.0]),
        jours=np.array(["2024-01-02", "2024-01-05"], dtype="datetime64[D]"),
    )
    premier, second = mesures["ranks"]
    assert second["mean_prize_per_winner"] == 125
    assert (second["winners"], second["draws_with_winner"], second["median_prize"]) == (4, 2, 150)
    assert premier["mean_prize_per_winner"] is None
    assert mesures["expected_return_per_grid"] is None
