"""Les dates d'un fichier : le style se décide sur toute la colonne, jamais de travers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from euromillions.imports.dates import (
    STYLES,
    lire_date,
    numero_du_jour,
    sans_accent,
    style_de_la_colonne,
)
from simulateur.fichiers.limites import FichierRefuse

pytestmark = pytest.mark.rapide
MARDI_ET_VENDREDI = (1, 4)


def style(*textes):
    return style_de_la_colonne(list(enumerate(textes, start=2)), MARDI_ET_VENDREDI)


@pytest.mark.parametrize(
    ("texte", "ecriture", "attendue"),
    [
        ("20240102", "AAAAMMJJ", date(2024, 1, 2)),
        ("2024-1-2", "AAAA-MM-JJ", date(2024, 1, 2)),
        ("2024-01-02T00:00:00", "AAAA-MM-JJ", date(2024, 1, 2)),
        ("2024-01-02 12:00", "AAAA-MM-JJ", None),
        ("02/01/24", "JJ/MM/AAAA", date(2024, 1, 2)),
        ("02.01.2024", "JJ/MM/AAAA", date(2024, 1, 2)),
        ("01/02/2024", "MM/JJ/AAAA", date(2024, 1, 2)),
        ("02-Jan-2024", "JJ-MMM-AAAA", date(2024, 1, 2)),
        ("2 février 2024", "JJ-MMM-AAAA", date(2024, 2, 2)),
        ("2-août-24", "JJ-MMM-AAAA", date(2024, 8, 2)),
        ("2-juil.-2024", "JJ-MMM-AAAA", date(2024, 7, 2)),
        ("2-jui-2024", "JJ-MMM-AAAA", None),  # juin ou juillet
        ("2-xyz-2024", "JJ-MMM-AAAA", None),
        ("31/02/2024", "JJ/MM/AAAA", None),
        ("٢٠٢٤٠١٠٢", "AAAAMMJJ", None),
    ],
)
def test_une_date_se_lit_dans_son_style_ou_pas_du_tout(texte, ecriture, attendue):
    assert lire_date(texte, ecriture) == attendue


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_toute_date_ecrite_se_relit(jour):
    ecritures = {
        "AAAAMMJJ": "%Y%m%d",
        "AAAA-MM-JJ": "%Y-%m-%d",
        "JJ/MM/AAAA": "%d/%m/%y",
        "MM/JJ/AAAA": "%m/%d/%Y",
    }
    assert {lire_date(jour.strftime(modele), nom) for nom, modele in ecritures.items()} == {jour}


@pytest.mark.parametrize(
    ("textes", "attendu"),
    [
        (("02/01/2024", "13/02/2024"), "JJ/MM/AAAA"),
        (("01/02/2024", "02/13/2024"), "MM/JJ/AAAA"),
        (("05/01/2024",), "JJ/MM/AAAA"),  # ambiguë : le 5 janvier est un vendredi, le 1er mai un mercredi
        (("01/05/2024",), "MM/JJ/AAAA"),
        (("03/03/2024",), "JJ/MM/AAAA"),  # rien ne départage : jour d'abord
        (("02-Jan-2024", "illisible"), "JJ-MMM-AAAA"),
    ],
)
def test_le_style_est_celui_qui_lit_le_plus_puis_celui_des_jours_de_tirage(textes, attendu):
    assert style(*textes) == attendu


def test_un_melange_est_refuse_en_citant_ses_deux_lignes():
    with pytest.raises(FichierRefuse, match=r"ligne 2.*ligne 4"):
        style("13/02/2024", "05/01/2024", "02/13/2024")


@pytest.mark.parametrize("textes", [(), ("hier",), ("",)])
def test_une_colonne_sans_date_est_refusee(textes):
    with pytest.raises(FichierRefuse, match=STYLES[0]):
        style(*textes)


@pytest.mark.parametrize(
    ("mot", "jour"),
    [("VE", 4), ("MARDI   ", 1), ("Fri", 4), ("dim.", 6), ("Mon", 0), ("x", None), ("", None), ("m", None)],
)
def test_un_jour_se_lit_en_francais_et_en_anglais(mot, jour):
    assert numero_du_jour(mot) == jour


def test_les_mots_se_comparent_sans_accent_ni_majuscule():
    assert sans_accent("  ÉTOILE_Ⅱ ") == "etoile_ii"
