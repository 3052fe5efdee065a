"""L'écriture française des nombres."""

import math
from datetime import timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from hypothesis import example, given
from hypothesis import strategies as st

from simulateur.langue import nombres

pytestmark = pytest.mark.rapide
ESPACE = nombres.FINE_INSECABLE


@pytest.mark.parametrize(
    ("valeur", "decimales", "ecrit"),
    [
        (1234.56, 1, f"1{ESPACE}234,6"),
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (-1234567, 0, f"−1{ESPACE}234{ESPACE}567"),
        (-0.001, 2, "0,00"),
        (Decimal("11.860593714859682"), 2, "11,86"),
        (None, 0, "—"),
        ("", 0, "—"),
        ("douze", 0, "—"),
        (math.nan, 2, "—"),
        (math.inf, 2, "—"),
        (1e300, 0, None),
    ],
)
def test_un_nombre_s_ecrit_a_la_francaise(valeur, decimales, ecrit):
    texte = nombres.nombre(valeur, decimales)
    assert texte == ecrit if ecrit is not None else texte.startswith("1")


@given(
    valeur=st.one_of(
        st.floats(allow_nan=False, allow_infinity=False),
        st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12),
    ),
    decimales=st.integers(0, 6),
)
@example(valeur=8796093022208.312, decimales=4)
def test_l_ecriture_se_relit_au_plus_proche(valeur, decimales):
    texte = nombres.nombre(valeur, decimales)
    relu = Decimal(texte.replace(ESPACE, "").replace("−", "-").replace(",", "."))
    assert abs(relu - Decimal(str(valeur))) <= Decimal(5).scaleb(-decimales - 1) * (1 + Decimal("1e-12"))
    assert "." not in texte
    assert len(texte.partition(",")[2]) == decimales


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_un_ecart_porte_son_signe_sauf_s_il_s_ecrit_zero(valeur):
    texte = nombres.signe(valeur, 1)
    assert texte.startswith("+") == (texte not in ("0,0", "—") and valeur > 0)


@pytest.mark.parametrize(
    ("secondes", "ecrit"),
    [
        (0.84, "0,8 s"),
        (59.94, "59,9 s"),
        (59.97, "1 min 00 s"),
        (125, "2 min 05 s"),
        (3599.7, "1 h 00 min"),
        (timedelta(hours=1, minutes=3, seconds=10), "1 h 03 min"),
        (None, "—"),
    ],
)
def test_une_duree_se_lit_en_francais(secondes, ecrit):
    assert nombres.duree(secondes) == ecrit.replace(" ", ESPACE)


def test_les_filtres_sont_la_dans_tout_gabarit_sans_les_charger():
    rendu = Template("{{ v|nombre:1 }} {{ v|signe }} {{ v|pourcent:1 }} {{ v|duree }}").render(
        Context({"v": 12.34})
    )
    assert rendu == f"12,3 +12 12,3{ESPACE}% 12,3{ESPACE}s"


@given(
    st.one_of(
        st.floats(allow_nan=True, allow_infinity=True),
        st.decimals(-(10**9), 10**9, places=5, allow_nan=False).map(float),
        st.integers(-(10**7), 10**7).map(lambda n: n / 8),
    ),
    st.integers(0, 6),
)
def test_l_ecriture_rapide_est_celle_du_decimal_exact(valeur, decimales):
    assert nombres.nombre(valeur, decimales) == nombres._nombre_exact(valeur, decimales)
