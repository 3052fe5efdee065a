"""Les dates d'un fichier : le style se décide sur toute la colonne, jamais de travers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from euromillions.imports.dates import (
    STYLES,
    DateAmbigue,
    lecteur_de_la_colonne,
    lire_date,
    numero_du_jour,
    sans_accent,
)
from simulateur.fichiers.limites import FichierRefuse

pytestmark = pytest.mark.rapide
MARDI_ET_VENDREDI = (1, 4)


def lecteur(*textes, **options):
    valeurs = list(enumerate(textes, start=2))
    return lecteur_de_la_colonne(valeurs, lambda jour: jour.weekday() in MARDI_ET_VENDREDI, **options)


def style(*textes):
    return lecteur(*textes).nom


@pytest.mark.parametrize(
    ("texte", "ecriture", "attendue"),
    [
        ("20240102", "AAAAMMJJ", date(2024, 1, 2)),
        ("2024-1-2", "AAAA-MM-JJ", date(2024, 1, 2)),
        ("2024-01-02T00:00:00", "AAAA-MM-JJ", date(2024, 1, 2)),
        ("2024-01-02 12:00", "AAAA-MM-JJ", date(2024, 1, 2)),
        ("2024-01-02 25:00", "AAAA-MM-JJ", None),
        ("2024-01-02T20:15:00+01:00", "AAAA-MM-JJ", date(2024, 1, 2)),
        ("2024-01-01T23:00:00.000Z", "AAAA-MM-JJ", date(2024, 1, 2)),  # minuit à Paris
        ("Tue, 02 Jan 2024 20:00:00 GMT", "JJ-MMM-AAAA", date(2024, 1, 2)),
        ("mardi 2 janvier 2024", "JJ-MMM-AAAA", date(2024, 1, 2)),
        ("Wed, 02 Jan 2024", "JJ-MMM-AAAA", None),  # c'est un mardi
        ("02-Jan-24", "JJ-MMM-AAAA", date(2024, 1, 2)),
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


def test_les_styles_surs_se_lisent_ligne_par_ligne():
    lu = lecteur("20240102", "05-Jan-24", "2024-01-09T20:00:00", "13/02/2024")
    lues = [lu.lire(texte) for texte in ("20240102", "05-Jan-24", "2024-01-09T20:00:00", "13/02/2024")]
    assert lues == [date(2024, 1, 2), date(2024, 1, 5), date(2024, 1, 9), date(2024, 2, 13)]
    assert lu.nom == "AAAAMMJJ et AAAA-MM-JJ et JJ-MMM-AAAA et JJ/MM/AAAA"


AMBIGUE = "01/09/2026"  # le 1er septembre est un mardi, le 9 janvier un vendredi


def test_deux_lectures_qui_se_valent_attendent_un_choix():
    with pytest.raises(DateAmbigue, match=r"Ligne 2.*01/09/2026 ou le 09/01/2026.*choisir"):
        style(AMBIGUE)


def test_un_tirage_connu_decide_de_la_lecture():
    lu = lecteur(AMBIGUE, confirme=lambda _, jour: jour == date(2026, 1, 9))
    assert lu.lire(AMBIGUE) == date(2026, 1, 9)


@pytest.mark.parametrize(
    ("impose", "lue"), [("JJ/MM/AAAA", date(2026, 9, 1)), ("MM/JJ/AAAA", date(2026, 1, 9))]
)
def test_un_style_impose_s_applique(impose, lue):
    assert lecteur(AMBIGUE, impose=impose).lire(AMBIGUE) == lue


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
