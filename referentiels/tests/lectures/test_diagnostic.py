"""Ce que le diagnostic dit du référentiel : OK, puis KO quand la lecture traîne ou que le cache est muet."""

import time

import pytest
from django.db import connection

from referentiels.lectures import diagnostic, referentiel
from referentiels.lectures.diagnostic import direction_entiere
from referentiels.tests.outils import factories as f
from simulateur.cache.disjoncteur import disjoncteur

pytestmark = pytest.mark.django_db


def test_sans_reseau_rien_a_juger():
    assert direction_entiere().ok is None


def test_une_direction_lue_vite_et_plus_vite_du_cache(tache, monkeypatch):
    lire = referentiel._tout_lire

    def lentement(direction_id):
        time.sleep(0.2)
        return lire(direction_id)

    monkeypatch.setattr(referentiel, "_tout_lire", lentement)
    constat = direction_entiere()
    assert constat.ok is True, constat
    assert tache.centre_poste.centre.direction.nom in constat.constat


def test_une_lecture_trop_lente(tache, monkeypatch):
    monkeypatch.setattr(diagnostic, "SECONDES_PROMISES", 0.0)
    constat = direction_entiere()
    assert constat.ok is False
    assert constat.remede


def test_trop_de_requetes(tache, monkeypatch):
    lire = referentiel._tout_lire

    def bavard(direction_id):
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1")
        return lire(direction_id)

    monkeypatch.setattr(referentiel, "_tout_lire", bavard)
    assert direction_entiere().ok is False


def test_un_cache_en_panne_ne_fait_gagner_rien(tache, monkeypatch):
    monkeypatch.setattr(diagnostic, "GAIN_PROMIS", 50.0)
    disjoncteur.declencher("calcul", "essai")
    assert direction_entiere().ok is False


@pytest.fixture
def tache(db):
    return f.TacheFactory()
