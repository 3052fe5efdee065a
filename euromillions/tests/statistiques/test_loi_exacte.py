"""La loi exacte d'un total : comptée à la main, et d'accord avec elle-même."""

from collections import Counter
from itertools import combinations, product

import numpy as np
import pytest

from euromillions.statistiques.loi_exacte import loi_du_total
from euromillions.statistiques.precision import SANS_VARIANCE, Jugees, mesurer

pytestmark = pytest.mark.rapide


def enumerer(comptes, tires):
    """P(total), tous les tirages possibles de chaque ligne énumérés."""
    totaux = [[sum(choix) for choix in combinations(ligne, tires)] for ligne in comptes]
    compte = Counter(sum(choix) for choix in product(*totaux))
    return {total: n / sum(compte.values()) for total, n in compte.items()}


@pytest.mark.parametrize(
    ("comptes", "tires"),
    [
        ([[3, 0, 1, 0, 2, 0, 0, 5, 1]], 2),
        ([[1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]], 2),
        ([[2, 7, 1, 8, 2, 8, 1, 8]], 5),
        ([[40, 0, 1, 0, 2], [1, 1, 0, 0, 0], [7, 7, 7, 6, 7]], 2),
    ],
)
def test_la_loi_est_celle_de_l_enumeration(comptes, tires):
    lu = np.array(comptes)
    loi = loi_du_total(lu, np.full(len(lu), lu.shape[1]), tires)
    attendue = enumerer(comptes, tires)
    trouvee = dict(enumerate(loi.masses.tolist(), start=loi.depart))
    assert sum(trouvee.values()) == pytest.approx(1)
    for total in trouvee.keys() | attendue.keys():
        assert trouvee.get(total, 0.0) == pytest.approx(attendue.get(total, 0.0), abs=1e-12)


def test_une_etoile_hors_de_l_urne_du_jour_ne_se_tire_pas():
    comptes = np.array([[1, 1, *[0] * 10], [0, 2, *[0] * 10]])
    loi = loi_du_total(comptes, np.array([9, 12]), 2)
    a_neuf = loi_du_total(comptes[:1, :9], np.array([9]), 2)
    a_douze = loi_du_total(comptes[1:], np.array([12]), 2)
    assert loi.masses == pytest.approx(np.convolve(a_neuf.masses, a_douze.masses))


@pytest.mark.parametrize("graine", range(6))
def test_l_intervalle_contient_le_hasard_si_et_seulement_si_p_le_dit(graine):
    alea = np.random.default_rng(graine)
    comptes = alea.integers(0, 1 + 3 * graine, (3, 12))
    comptes[0, 0] += 1
    loi = loi_du_total(comptes, np.full(3, 12), 2)
    bas, haut = loi.bornes()
    for total in range(loi.depart - 2, loi.depart + len(loi.masses) + 2):
        assert (bas <= total <= haut) == (loi.p(total) >= 0.05), total


def une_grille(numeros, etoiles, grilles=1):
    """Une stratégie jugée à un seul tirage, qui a trouvé un numéro."""
    return Jugees(
        grilles=np.array([grilles]),
        comptes_numeros=np.array([numeros]),
        comptes_etoiles=np.array([etoiles]),
        trouves_numeros=np.array([1]),
        trouves_etoiles=np.array([0]),
        naives=np.array([0]),
        reserves=np.array([12]),
        resultats=np.zeros((6, 3), int),
        rangs={},
        mises=0.0,
        gains=0.0,
        grilles_payees=0,
    )


def test_un_seul_tirage_suffit():
    mesure = mesurer({"une": une_grille([1] * 5 + [0] * 45, [1, 1] + [0] * 10)})["une"]
    assert mesure["numbers"]["p"] is not None
    assert mesure["numbers"]["ci_low"] < mesure["numbers"]["ci_high"]
    assert mesure["verdict"] == "différent du hasard : non"


def test_sans_variance_ni_intervalle_ni_p_ni_verdict_mais_la_raison():
    """Trente grilles qui portent chaque boule autant de fois : le total est sûr d'avance."""
    mesure = mesurer({"toutes": une_grille([3] * 50, [5] * 12, grilles=30)})["toutes"]
    for boules in (mesure["numbers"], mesure["stars"]):
        assert [boules[nom] for nom in ("ci_low", "ci_high", "z", "p", "p_corrected")] == [None] * 5
        assert boules["reason"] == SANS_VARIANCE
    assert mesure["differs_from_chance"] is None
    assert SANS_VARIANCE in mesure["verdict"]
