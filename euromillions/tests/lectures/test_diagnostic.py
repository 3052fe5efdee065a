"""Ce que le diagnostic dit des tirages."""

import pytest

from euromillions.lectures import reperes
from euromillions.lectures.diagnostic import tirages_a_jour

pytestmark = pytest.mark.django_db


def test_sans_tirage_rien_a_juger():
    assert tirages_a_jour().ok is None


def test_des_dates_manquantes_se_disent(petite_histoire):
    constat = tirages_a_jour()
    assert constat.ok is False
    assert constat.remede


def test_un_historique_a_jour(petite_histoire, monkeypatch):
    monkeypatch.setattr(reperes, "manquants", lambda revision, jour: [])
    assert tirages_a_jour().ok is True
