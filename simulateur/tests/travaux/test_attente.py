"""Un travail en file dit qu'aucun ouvrier ne répond, à la page comme à l'API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from simulateur.api.travaux import suivi
from simulateur.models import Canari
from simulateur.travaux.attente import AUCUN_OUVRIER, phrase_d_attente
from simulateur.travaux.entrees import canari

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]


def test_sans_ouvrier_un_travail_qui_attend_le_dit(essai):
    travail = essai(cree_le=timezone.now() - timedelta(seconds=30))
    assert phrase_d_attente(travail) == AUCUN_OUVRIER
    assert suivi(travail)["status"] == AUCUN_OUVRIER
    canari()
    assert phrase_d_attente(travail) == ""
    Canari.objects.update(repondu_le=timezone.now() - timedelta(minutes=5))
    assert phrase_d_attente(travail) == AUCUN_OUVRIER


def test_un_travail_tout_neuf_ne_coute_aucune_lecture(essai, compter_requetes):
    travail = essai()
    with compter_requetes() as requetes:
        assert phrase_d_attente(travail) == ""
    assert len(requetes) == 0


def test_un_travail_tout_neuf_ou_en_cours_ne_dit_rien(essai):
    assert phrase_d_attente(essai()) == ""
    assert phrase_d_attente(essai(etat="en_cours", cree_le=timezone.now() - timedelta(days=1))) == ""
