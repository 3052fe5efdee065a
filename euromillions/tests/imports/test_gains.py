"""Gagnants et gains d'une ligne : un détail faux est dit, jamais cru, et n'écarte pas le reste."""

from decimal import Decimal

import pytest

from euromillions.imports.colonnes import trouver_entete
from euromillions.imports.gains import lire_gains
from euromillions.imports.lignes import GainLu

pytestmark = pytest.mark.rapide
BOULES = ["date_de_tirage", *(f"boule_{i}" for i in range(1, 6)), "etoile_1", "etoile_2"]
RANG_1 = [
    "nombre_de_gagnant_au_rang1_en_france",
    "nombre_de_gagnant_au_rang1_en_europe",
    "rapport_du_rang1",
]


def lire(*cellules, rangs=13):
    entete = trouver_entete([";".join(BOULES + RANG_1)])
    return lire_gains(["x"] * len(BOULES) + list(cellules), entete, rangs=rangs)


@pytest.mark.parametrize(
    ("cellules", "gain"),
    [
        (("1", "3", "17000000,50"), GainLu(1, 1, 3, Decimal("17000000.50"))),
        (("0", "0", "0"), GainLu(1, 0, 0, Decimal(0))),
        (("", "", "12.5"), GainLu(1, None, None, Decimal("12.5"))),
        (("1 234", "5\u202f678", "1 234,50"), GainLu(1, 1234, 5678, Decimal("1234.50"))),
        (("2", "", ",50"), GainLu(1, 2, None, Decimal("0.50"))),
    ],
)
def test_un_gain_se_lit_comme_l_operateur_l_ecrit(cellules, gain):
    assert lire(*cellules) == ((gain,), [])


@pytest.mark.parametrize("cellules", [("3", "5", ""), ("3", "5"), ()])
def test_sans_gain_des_gagnants_ne_se_comparent_a_rien(cellules):
    assert lire(*cellules) == ((), [])


@pytest.mark.parametrize(
    ("cellules", "nommee"),
    [
        (("x", "1", "2"), RANG_1[0]),
        (("1", "-1", "2"), RANG_1[1]),
        (("1", "2", "beaucoup"), RANG_1[2]),
        (("1", "2", "99999999999"), RANG_1[2]),
        (("1", "2", "1,234"), RANG_1[2]),
        (("9999999999", "9999999999", "2"), RANG_1[0]),
    ],
)
def test_un_detail_illisible_est_dit_en_nommant_sa_colonne(cellules, nommee):
    _, remarques = lire(*cellules)
    assert nommee in remarques[0]


def test_un_compte_faux_laisse_le_gain():
    (gain,), _ = lire("x", "4", "2,50")
    assert gain == GainLu(1, None, 4, Decimal("2.50"))


def test_moins_de_gagnants_en_europe_qu_en_france_est_impossible():
    (gain,), remarques = lire("5", "4", "2")
    assert (gain.gagnants_france, gain.gagnants_europe) == (5, None)
    assert len(remarques) == 1
    assert lire("5", "5", "2") == ((GainLu(1, 5, 5, Decimal(2)),), [])


def test_un_rang_que_l_ere_n_a_pas_est_ignore():
    assert lire("1", "2", "3", rangs=0) == ((), [])
