"""Le faucheur : ce que les ouvriers morts et les files perdues laissent derrière eux est repris une fois."""

from datetime import timedelta

import pytest
from django.conf import settings as reglages
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ

from simulateur.mesures.metriques import TRAVAUX_FINIS
from simulateur.models import Etat
from simulateur.travaux import machine, sortes
from simulateur.travaux.faucheur import faucher
from simulateur.web.refus import Refus

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]
RIEN = {"repris": 0, "en_erreur": 0, "annules": 0, "remis_en_file": 0}


@pytest.fixture
def travail(essai):
    return machine.creer_et_enfiler(essai())[0]


@pytest.fixture
def abandonne(essai, travail):
    """Un travail en cours dont l'ouvrier ne bat plus, et la prise de cet ouvrier."""
    prise = machine.reclamer(travail)
    essai.objects.update(battement=il_y_a(reglages.TRAVAUX_BATTEMENT_PERDU_S + 1))
    OrmQ.objects.all().delete()
    return prise


def il_y_a(secondes):
    return timezone.now() - timedelta(seconds=secondes)


def relire(travail):
    travail.refresh_from_db()
    return travail


def terminer(travail):
    prise = machine.reclamer(relire(travail))
    prise.terminer()
    return relire(travail)


# --- Ouvriers disparus --------------------------------------------------------------------------------


def test_un_travail_abandonne_revient_en_file_et_se_termine(abandonne):
    assert faucher() == RIEN | {"repris": 1}
    travail = relire(abandonne.travail)
    assert (travail.etat, travail.jeton, travail.tentative) == (Etat.EN_FILE, None, 1)
    assert OrmQ.objects.get().task_id() == travail.tache_file
    assert terminer(travail).tentative == 2


def test_un_ouvrier_qu_on_croyait_mort_ne_peut_plus_rien_ecrire(abandonne):
    faucher()
    with pytest.raises(machine.PrisePerdue):
        abandonne.terminer()
    assert relire(abandonne.travail).etat == Etat.EN_FILE


def test_un_travail_qui_bat_est_laisse_a_son_ouvrier(essai, travail):
    prise = machine.reclamer(travail)
    essai.objects.update(battement=il_y_a(reglages.TRAVAUX_BATTEMENT_PERDU_S - 5))
    assert faucher() == RIEN
    assert relire(travail).jeton == prise.jeton


def test_a_la_derniere_tentative_un_travail_abandonne_finit_en_erreur(essai, abandonne):
    essai.objects.update(pertes=essai.PERTES_MAX - 1)
    assert faucher() == RIEN | {"en_erreur": 1}
    travail = relire(abandonne.travail)
    assert (travail.etat, travail.message) == (Etat.EN_ERREUR, "L'ouvrier a disparu 5 fois : abandon")
    assert not OrmQ.objects.exists()
    assert faucher() == RIEN


def test_un_travail_abandonne_dont_l_annulation_etait_demandee_finit_annule(abandonne):
    machine.annuler(abandonne.travail)
    assert faucher() == RIEN | {"annules": 1}
    assert relire(abandonne.travail).etat == Etat.ANNULEE
    assert not OrmQ.objects.exists()


def pendant_la_reprise(essai, evenement):
    """Intercale `evenement` entre la lecture du faucheur et son écriture."""
    table = essai._meta.db_table
    faits = []

    def intercaler(executer, sql, params, many, contexte):
        if sql.startswith("UPDATE") and table in sql and not faits:
            faits.append(sql)
            evenement()
        return executer(sql, params, many, contexte)

    return connection.execute_wrapper(intercaler)


def test_un_battement_arrive_pendant_la_reprise_garde_le_travail_a_son_ouvrier(essai, abandonne):
    with pendant_la_reprise(essai, lambda: essai.objects.update(battement=timezone.now())):
        assert faucher() == RIEN
    assert relire(abandonne.travail).jeton == abandonne.jeton


def test_une_annulation_arrivee_pendant_la_reprise_n_est_pas_oubliee(essai, abandonne):
    with pendant_la_reprise(essai, lambda: machine.annuler(abandonne.travail)):
        assert faucher() == RIEN
    assert faucher() == RIEN | {"annules": 1}


@pytest.mark.django_db(transaction=True)
def test_deux_faucheurs_ensemble_ne_reprennent_le_travail_qu_une_fois(abandonne, en_parallele):
    comptes = en_parallele(lambda _: faucher(), 4)
    assert sum(compte["repris"] for compte in comptes) == 1
    assert relire(abandonne.travail).etat == Etat.EN_FILE


# --- Compteur des travaux finis -----------------------------------------------------------------------


def finis(essai, etat):
    return TRAVAUX_FINIS.labels(essai._meta.label, etat)._value.get()


@pytest.mark.parametrize("etat", [Etat.EN_ERREUR, Etat.ANNULEE])
def test_un_travail_fini_par_le_faucheur_est_compte_une_fois(essai, abandonne, etat):
    if etat == Etat.ANNULEE:
        machine.annuler(abandonne.travail)
    else:
        essai.objects.update(pertes=essai.PERTES_MAX - 1)
    avant = finis(essai, etat)
    faucher()
    faucher()
    assert finis(essai, etat) == avant + 1


def test_un_travail_repris_n_est_pas_compte_fini(essai, abandonne):
    avant = finis(essai, Etat.EN_ERREUR), finis(essai, Etat.ANNULEE)
    faucher()
    assert (finis(essai, Etat.EN_ERREUR), finis(essai, Etat.ANNULEE)) == avant


def test_un_ouvrier_qui_se_reveille_ne_recompte_pas_ce_que_le_faucheur_a_fini(essai, travail, monkeypatch):
    def dormir_puis_refuser(travail, prise):
        essai.objects.update(battement=il_y_a(reglages.TRAVAUX_BATTEMENT_PERDU_S + 1), pertes=9)
        assert faucher()["en_erreur"] == 1
        raise Refus("réveillé trop tard")

    monkeypatch.setitem(sortes._SORTES, essai._meta.label, dormir_puis_refuser)
    avant = finis(essai, Etat.EN_ERREUR)
    assert machine.executer(essai._meta.label, str(travail.pk)) == Etat.EN_ERREUR
    assert finis(essai, Etat.EN_ERREUR) == avant + 1


# --- Entrées de file perdues --------------------------------------------------------------------------


def test_un_travail_dont_l_entree_de_file_a_disparu_y_est_remis_une_seule_fois(essai, travail):
    OrmQ.objects.all().delete()
    essai.objects.update(cree_le=il_y_a(60))
    assert faucher() == RIEN | {"remis_en_file": 1}
    assert faucher() == RIEN
    assert OrmQ.objects.get().task_id() == relire(travail).tache_file
    assert terminer(travail).etat == Etat.TERMINEE


def test_un_travail_tout_juste_cree_est_laisse_a_la_file(travail):
    OrmQ.objects.all().delete()
    assert faucher() == RIEN


def test_un_travail_qui_attend_dans_la_file_y_reste_seul(essai, travail):
    essai.objects.update(cree_le=il_y_a(3600))
    OrmQ.objects.update(lock=il_y_a(3600))
    assert faucher() == RIEN
    assert OrmQ.objects.count() == 1


def test_une_entree_prise_par_une_grappe_morte_est_remplacee(essai, travail):
    """Django-Q la rendrait seul, mais au bout de `retry` secondes : la moitié d'une heure."""
    essai.objects.update(cree_le=il_y_a(60))
    prise_depuis = reglages.TRAVAUX_BATTEMENT_PERDU_S + 5
    reprise = timedelta(seconds=reglages.Q_CLUSTER["retry"] - prise_depuis)
    OrmQ.objects.update(lock=timezone.now() + reprise)
    assert faucher() == RIEN | {"remis_en_file": 1}
    assert OrmQ.objects.count() == 2


def test_une_entree_prise_a_l_instant_par_une_grappe_vivante_n_est_pas_doublee(essai, travail):
    essai.objects.update(cree_le=il_y_a(60))
    OrmQ.objects.update(lock=timezone.now() + timedelta(seconds=reglages.Q_CLUSTER["retry"] - 1))
    assert faucher() == RIEN


def test_une_reprise_prevue_plus_tard_n_est_pas_avancee(essai, travail):
    OrmQ.objects.all().delete()
    essai.objects.update(cree_le=il_y_a(60), pas_avant=timezone.now() + timedelta(minutes=1))
    assert faucher() == RIEN
    essai.objects.update(pas_avant=il_y_a(1))
    assert faucher() == RIEN | {"remis_en_file": 1}


def test_des_entrees_en_double_ne_font_travailler_qu_une_fois(essai, travail, monkeypatch):
    passages = []

    def travailler(travail, prise):
        passages.append(travail.pk)
        prise.terminer()

    monkeypatch.setitem(sortes._SORTES, essai._meta.label, travailler)
    machine.enfiler(travail)
    machine.enfiler(travail)
    reponses = [machine.executer(*entree.args()) for entree in OrmQ.objects.all()]
    assert reponses == ["terminee", "déjà pris ou fini", "déjà pris ou fini"]
    assert passages == [travail.pk]


# --- Pertes, horloges, journal ------------------------------------------------------------------------


def test_un_ouvrier_perdu_ne_prend_aucun_essai_au_travail(essai, travail):
    for _ in range(essai.PERTES_MAX - 1):
        assert machine.reclamer(relire(travail))
        essai.objects.update(battement=il_y_a(reglages.TRAVAUX_BATTEMENT_PERDU_S + 1))
        assert faucher()["repris"] == 1
    assert essai.PERTES_MAX > essai.TENTATIVES_MAX
    prise = machine.reclamer(relire(travail))
    assert (prise.travail.pertes, prise.travail.epuise) == (essai.PERTES_MAX - 1, False)


def test_un_travail_abandonne_est_relance_par_une_personne_avec_tous_ses_essais(essai, abandonne):
    essai.objects.update(pertes=essai.PERTES_MAX - 1)
    faucher()
    assert machine.relancer(relire(abandonne.travail))
    travail = relire(abandonne.travail)
    assert (travail.etat, travail.tentative, travail.pertes) == (Etat.EN_FILE, 0, 0)


def test_un_battement_dans_le_futur_est_celui_d_un_disparu(essai, abandonne):
    essai.objects.update(battement=il_y_a(-3600))
    assert faucher() == RIEN | {"repris": 1}


def test_chaque_reprise_est_journalisee(essai, abandonne, caplog):
    faucher()
    assert f"{abandonne.travail.pk}, tentative 1 : ouvrier muet" in caplog.text
    caplog.clear()
    machine.reclamer(relire(abandonne.travail))
    essai.objects.update(battement=il_y_a(3600), pertes=essai.PERTES_MAX - 1)
    faucher()
    assert "L'ouvrier a disparu 5 fois : abandon" in caplog.text
