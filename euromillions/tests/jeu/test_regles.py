"""Ce qui rend un tirage valable, dit en français, la faute à son champ."""

from datetime import date

import pytest

from euromillions.jeu.eres import ERES_CONNUES
from euromillions.jeu.regles import est_un_ordre_de, fautes_du_tirage, nom_du_jour

pytestmark = pytest.mark.rapide
BONNES = {"jour": date(2024, 1, 2), "numeros": (3, 12, 24, 37, 50), "etoiles": (2, 11)}


def champs_fautifs(**autres):
    donnees = BONNES | autres
    fautes = fautes_du_tirage(
        donnees["jour"],
        donnees["numeros"],
        donnees["etoiles"],
        eres=ERES_CONNUES,
        aujourdhui=date(2026, 8, 21),
    )
    return [faute.champ for faute in fautes]


def test_un_tirage_valable_n_a_pas_de_faute_quel_que_soit_l_ordre():
    assert champs_fautifs() == []
    assert champs_fautifs(numeros=(50, 3, 37, 24, 12), etoiles=(11, 2)) == []


@pytest.mark.parametrize(
    ("autres", "champs"),
    [
        ({"jour": date(2024, 1, 3)}, ["date"]),
        ({"jour": date(2026, 8, 25)}, ["date"]),
        ({"jour": date(2026, 8, 26)}, ["date", "date"]),  # à venir, et un mercredi
        ({"jour": date(2004, 2, 6)}, ["date"]),
        ({"numeros": (3, 12, 24, 37)}, ["numeros"]),
        ({"numeros": (3, 12, 24, 37, 51)}, ["numeros"]),
        ({"numeros": (0, 12, 24, 37, 50)}, ["numeros"]),
        ({"numeros": (3, 3, 24, 37, 50)}, ["numeros"]),
        ({"numeros": (3, 3, 24, 37, 51)}, ["numeros", "numeros"]),
        ({"etoiles": (2, 13)}, ["etoiles"]),
        ({"etoiles": (2, 2)}, ["etoiles"]),
        ({"numeros": (), "etoiles": ()}, ["numeros", "etoiles"]),
    ],
)
def test_chaque_faute_nomme_son_champ(autres, champs):
    assert champs_fautifs(**autres) == champs


@pytest.mark.parametrize(
    ("jour", "etoile", "admise"),
    [
        (date(2011, 5, 6), 9, True),
        (date(2011, 5, 6), 10, False),
        (date(2016, 9, 23), 11, True),
        (date(2016, 9, 23), 12, False),
        (date(2016, 9, 27), 12, True),
    ],
)
def test_l_urne_est_celle_du_jour(jour, etoile, admise):
    assert champs_fautifs(jour=jour, etoiles=(1, etoile)) == ([] if admise else ["etoiles"])


@pytest.mark.parametrize(
    ("ordre", "vrai"),
    [
        ("28-16-20-22-11", True),
        ("11-16-20-22", False),
        ("28-16-20-22-12", False),
        ("28-16-20-22-²", False),
        ("", False),
    ],
)
def test_un_ordre_de_sortie_reprend_exactement_les_boules(ordre, vrai):
    assert est_un_ordre_de(ordre, (11, 16, 20, 22, 28)) is vrai


def test_les_jours_ont_leur_nom():
    assert [nom_du_jour(jour) for jour in (1, 7)] == ["lundi", "dimanche"]
