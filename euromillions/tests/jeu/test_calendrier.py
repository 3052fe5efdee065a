"""Le calendrier : à quelle minute un tirage a eu lieu, et quels jours on tire."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from euromillions.jeu.calendrier import PARIS, dernier_jour_tire, jours_de_tirage, prochain_tirage
from euromillions.jeu.eres import ERES_CONNUES

pytestmark = pytest.mark.rapide
ETE, HIVER = date(2026, 7, 14), date(2026, 1, 13)


@pytest.mark.parametrize(
    ("instant", "attendu"),
    [
        (datetime(2026, 7, 14, 20, 14, 59, tzinfo=PARIS), ETE - timedelta(days=1)),
        (datetime(2026, 7, 14, 20, 15, tzinfo=PARIS), ETE),
        (datetime(2026, 7, 14, 18, 15, tzinfo=UTC), ETE),
        (datetime(2026, 7, 14, 18, 14, tzinfo=UTC), ETE - timedelta(days=1)),
        (datetime(2026, 1, 13, 19, 15, tzinfo=UTC), HIVER),
        (datetime(2026, 1, 13, 18, 15, tzinfo=UTC), HIVER - timedelta(days=1)),
        (datetime(2026, 7, 14, 23, 30, tzinfo=UTC), ETE),  # le 15 à Paris, avant l'heure
    ],
)
def test_le_tirage_du_jour_existe_a_20_h_15_de_paris(instant, attendu):
    assert dernier_jour_tire(instant) == attendu


def test_le_calendrier_suit_les_ecarts_connus_du_jeu():
    jours = jours_de_tirage(ERES_CONNUES, jusqu_au=date(2026, 8, 21))
    assert len(jours) == 1974
    assert jours[0] == date(2004, 2, 13)
    assert jours == sorted(set(jours))


def test_on_tirait_le_vendredi_puis_le_mardi_et_le_vendredi():
    jours = jours_de_tirage(ERES_CONNUES, jusqu_au=date(2011, 5, 13))
    assert {jour.isoweekday() for jour in jours if jour <= date(2011, 5, 6)} == {5}
    assert jours[-3:] == [date(2011, 5, 6), date(2011, 5, 10), date(2011, 5, 13)]


@pytest.mark.parametrize(
    ("jusqu_au", "nombre"), [(date(2004, 2, 12), 0), (date(2004, 2, 13), 1), (date(2004, 2, 19), 1)]
)
def test_la_borne_est_comprise(jusqu_au, nombre):
    assert len(jours_de_tirage(ERES_CONNUES, jusqu_au=jusqu_au)) == nombre


@pytest.mark.parametrize(
    ("apres", "attendu"),
    [
        (date(2026, 8, 21), date(2026, 8, 25)),
        (date(2026, 8, 24), date(2026, 8, 25)),
        (date(2011, 5, 6), date(2011, 5, 10)),  # d'une ère à la suivante
        (date(2004, 2, 10), date(2004, 2, 13)),
        (date(2003, 1, 1), None),
    ],
)
def test_le_prochain_tirage_est_strictement_apres(apres, attendu):
    assert prochain_tirage(ERES_CONNUES, apres=apres) == attendu


def test_sans_ere_en_cours_aucun_tirage_n_est_prevu():
    assert prochain_tirage(ERES_CONNUES[:2], apres=date(2026, 8, 21)) is None
    assert prochain_tirage([], apres=date(2026, 8, 21)) is None


@given(st.dates(date(2004, 2, 13), date(2026, 8, 1)))
def test_le_prochain_tirage_est_le_suivant_de_la_liste(apres):
    suivants = [j for j in jours_de_tirage(ERES_CONNUES, jusqu_au=apres + timedelta(days=15)) if j > apres]
    assert prochain_tirage(ERES_CONNUES, apres=apres) == suivants[0]
