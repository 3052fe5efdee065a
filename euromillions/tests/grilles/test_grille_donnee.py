"""Lire une grille donnée à la main : mêmes règles en texte et en liste, d'après l'ère."""

import pytest

from euromillions.grilles.grille_donnee import (
    GrilleDonnee,
    GrilleFautive,
    choisir_ere,
    lire_grille,
    lire_texte,
)
from euromillions.models import Ere

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]
GRILLE = GrilleDonnee((7, 13, 25, 38, 42), (2, 11))


@pytest.fixture
def ere():
    return choisir_ere(None)


@pytest.mark.parametrize(
    ("numeros", "etoiles"),
    [
        ([42, 7, 13, 38, 25], [11, 2]),
        ((7, 13, 25, 38, 42), (2, 11)),
        ("7,13,25,38,42", "2,11"),
        (" 7-13 25;38, 42 ", "11 2"),
        (["7", "13", 25, 38, 42], ["2", 11]),
    ],
)
def test_les_boules_se_lisent_et_se_rangent(ere, numeros, etoiles):
    assert lire_grille(numeros, etoiles, ere) == GRILLE


@pytest.mark.parametrize("texte", ["7 13 25 38 42 / 2 11", "42,38,25,13,7/11,2"])
def test_un_texte_separe_numeros_et_etoiles_par_une_barre(ere, texte):
    assert lire_texte(texte, ere) == GRILLE


@pytest.mark.parametrize(
    ("numeros", "etoiles", "champs"),
    [
        ([1, 2, 3, 4, True], [1, 2], {"numbers"}),
        ([1, 2, 3, 4, -5], [1, 2], {"numbers"}),
        ([1, 2, 3, 4, 5.0], [1, 2], {"numbers"}),
        ("1,2,3,4,²", "1,2", {"numbers"}),
        ("1,2,3,4,5", "a,b", {"stars"}),
        ("x", "y", {"numbers", "stars"}),
        (list(range(1, 12)), [1, 2], {"numbers"}),
        ([1, 2, 3, 4, 5], [1, 13], {"stars"}),
        ([1, 2, 3, 4, 51], [1, 1], {"numbers", "stars"}),
        (None, [1, 2], {"numbers"}),
        ({"a": 1}, [1, 2], {"numbers"}),
    ],
)
def test_une_grille_fautive_nomme_tous_ses_champs(ere, numeros, etoiles, champs):
    with pytest.raises(GrilleFautive) as faute:
        lire_grille(numeros, etoiles, ere)
    assert set(faute.value.champs) == champs


def test_les_etoiles_manquent_seulement_la_ou_elles_comptent(ere):
    assert lire_grille([1, 2, 3, 4, 5], None, ere).etoiles == ()
    with pytest.raises(GrilleFautive) as faute:
        lire_grille([1, 2, 3, 4, 5], None, ere, etoiles_exigees=True)
    assert set(faute.value.champs) == {"stars"}


@pytest.mark.parametrize("code", [None, ""])
def test_sans_code_l_ere_est_celle_en_cours(code):
    assert choisir_ere(code).code == "12-etoiles"
    assert choisir_ere("9-etoiles").etoiles_max == 9


def test_quand_le_jeu_s_arrete_l_ere_est_la_derniere_et_sans_ere_c_est_une_faute():
    Ere.objects.filter(fin__isnull=True).update(fin="2030-01-01")
    assert choisir_ere(None).code == "12-etoiles"
    Ere.objects.all().delete()
    with pytest.raises(GrilleFautive) as faute:
        choisir_ere(None)
    assert set(faute.value.champs) == {"era"}
