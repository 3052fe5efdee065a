"""« 1 234,5 » avec n'importe quelle espace ; ni NaN, ni infini, ni hexadécimal."""

import sys
import unicodedata

import pytest

from simulateur.fichiers.nombres import NombreInvalide, lire_nombre


@pytest.mark.parametrize(
    "texte",
    ["1 234,5", "1\u00a0234,5", "1\u202f234,5", "1\u2009234,5", " 1234.5 ", "+1234,50", "1,2345e3", 1234.5],
)
def test_un_nombre_francais_se_lit_avec_toute_espace(texte):
    assert lire_nombre(texte) == 1234.5


def test_chaque_espace_d_unicode_separe_les_milliers():
    espaces = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Zs"]
    assert [lire_nombre(f"1{espace}234") for espace in espaces] == [1234.0] * len(espaces)


@pytest.mark.parametrize("texte", ["-12", "\u221212", "-12,0"])
def test_le_signe_moins_typographique_se_lit(texte):
    assert lire_nombre(texte) == -12


@pytest.mark.parametrize(
    "texte",
    ["NaN", "inf", "-Infinity", "1e309", "0x10", "1_000", "1.234.5", "12 34", "", "abc", "=1+1", "١٢", "1 %"],
)
def test_ce_qui_n_est_pas_un_nombre_fini_est_refuse(texte):
    with pytest.raises(NombreInvalide):
        lire_nombre(texte)


@pytest.mark.parametrize("valeur", [None, True, float("nan"), float("inf")])
def test_une_cellule_sans_nombre_est_refusee(valeur):
    with pytest.raises(NombreInvalide):
        lire_nombre(valeur)
