"""Suivre et annuler un travail depuis une page : le fragment, son rechargement, la phrase dite."""

import pytest
from django.contrib.messages import constants, get_messages
from django.contrib.messages.storage.fallback import FallbackStorage

from simulateur.models import Etat
from simulateur.pages import travaux
from simulateur.tests.outils.travail import creer, en_cours, relire

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]


@pytest.fixture
def requete(rf):
    requete = rf.get("/")
    requete.session = {}
    requete._messages = FallbackStorage(requete)
    return requete


def suivi(travail, **champs):
    return travaux.Suivi(travail, "Un travail", "/suivi", "/resultat", **champs)


@pytest.mark.parametrize(
    ("etat", "suite", "recharge"),
    [
        (Etat.EN_FILE, True, False),
        (Etat.TERMINEE, True, False),
        (Etat.REFUSEE, True, True),
        (Etat.ANNULEE, True, True),
        (Etat.REFUSEE, False, False),
    ],
)
def test_la_page_se_recharge_quand_une_fin_malheureuse_la_change(essai, requete, etat, suite, recharge):
    travail = creer(essai)
    travail.etat = etat
    reponse = suivi(travail, suite=suite).repondre(requete)
    assert ("HX-Refresh" in reponse) is recharge
    assert reponse["Cache-Control"] == "no-store"
    assert ('hx-get="/suivi"' in reponse.content.decode()) is (etat == Etat.EN_FILE)
    assert ('data-suite="/resultat"' in reponse.content.decode()) is (suite and etat == Etat.TERMINEE)


def _dits(requete):
    return [(message.level, str(message)) for message in get_messages(requete)]


def test_annuler_dit_si_c_est_fait_demande_ou_trop_tard(essai, requete):
    en_file, prise = creer(essai), en_cours(essai)
    for travail in (en_file, prise.travail, en_file):
        travaux.annuler(requete, relire(travail), nom="l'essai", annulee="Fait.", demandee="Demandé.")
    faite, demandee, trop_tard = _dits(requete)
    assert faite == (constants.SUCCESS, "Fait.")
    assert demandee == (constants.INFO, "Demandé.")
    assert trop_tard[0] == constants.WARNING
    assert "l'essai" in trop_tard[1]


def test_sans_phrase_demandee_celle_d_une_annulation_faite_sert(essai, requete):
    travaux.annuler(requete, en_cours(essai).travail, nom="l'essai", annulee="Fait.")
    assert _dits(requete) == [(constants.SUCCESS, "Fait.")]
