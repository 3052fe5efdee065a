"""La machine à états, de l'exécution à la fin : avancer, terminer, annuler, échouer, reprendre, relancer."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.timeout import TimeoutHandler

from simulateur.models import Canari, Etat
from simulateur.tests.outils.travail import creer, en_cours, executer, lever, relire, reussir
from simulateur.travaux import machine
from simulateur.web.refus import Refus

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]


# --- Avancer et terminer ------------------------------------------------------------------------------


def test_avancer_note_la_progression_et_rafraichit_le_battement(essai):
    prise = en_cours(essai)
    essai.objects.update(battement=timezone.now() - timedelta(minutes=1))
    prise.avancer(3, 4, "3 centres sur 4")
    travail = relire(prise.travail)
    assert (travail.progression, travail.message) == (75, "3 centres sur 4")
    assert timezone.now() - travail.battement < timedelta(seconds=30)


def test_cent_pour_cent_est_reserve_au_travail_termine(essai):
    prise = en_cours(essai)
    prise.avancer(4, 4)
    assert relire(prise.travail).progression == 99
    prise.terminer()
    assert relire(prise.travail).progression == 100


def test_un_travail_termine_porte_sa_fin_et_ses_resultats(essai, travail_qui):
    travail_qui(reussir)
    travail = creer(essai)
    assert executer(travail) == Etat.TERMINEE
    assert relire(travail).termine_le is not None
    assert travail.jeton is None
    assert Canari.objects.filter(nom=str(travail.pk)).exists()


@pytest.mark.django_db(transaction=True)
def test_des_resultats_qui_echouent_ne_laissent_rien_et_le_travail_est_repris(essai, travail_qui, settings):
    """Résultats et état final sont une seule transaction."""
    settings.TRAVAUX_DELAI_REPRISE_S = 0

    def enregistrer():
        Canari.objects.create(nom="résultat")
        raise ValueError("disque plein")

    travail_qui(lambda travail, prise: prise.terminer(enregistrer))
    travail = creer(essai)
    assert executer(travail) == Etat.EN_FILE
    assert not Canari.objects.filter(nom="résultat").exists()
    assert relire(travail).termine_le is None
    travail_qui(reussir)
    assert executer(travail) == Etat.TERMINEE
    assert relire(travail).tentative == 2


# --- Annuler ------------------------------------------------------------------------------------------


def test_annuler_en_file_est_immediat_et_l_ouvrier_ne_fera_rien(essai, travail_qui):
    travail_qui(reussir)
    travail = creer(essai)
    assert machine.annuler(travail) == Etat.ANNULEE
    assert executer(travail) == "déjà pris ou fini"
    assert relire(travail).etat == Etat.ANNULEE
    assert not Canari.objects.exists()


def test_annuler_en_cours_est_vu_a_la_progression_suivante(essai, travail_qui):
    def travailler(travail, prise):
        assert machine.annuler(travail) == Etat.EN_COURS
        prise.avancer(1, 2)
        pytest.fail("l'annulation n'a pas été vue")

    travail_qui(travailler)
    travail = creer(essai)
    assert executer(travail) == Etat.ANNULEE
    assert relire(travail).annulation_demandee_le is not None


def test_une_annulation_apres_le_dernier_controle_est_honoree(essai, travail_qui):
    def travailler(travail, prise):
        prise.avancer(2, 2)
        machine.annuler(travail)
        reussir(travail, prise)

    travail_qui(travailler)
    travail = creer(essai)
    assert executer(travail) == Etat.ANNULEE
    assert not Canari.objects.exists()


def test_un_travail_annule_puis_en_echec_n_est_pas_repris(essai, travail_qui):
    """L'utilisateur a dit d'arrêter : il n'y a pas de tentative suivante."""

    def travailler(travail, prise):
        machine.annuler(travail)
        raise ValueError("panne pendant l'annulation")

    travail_qui(travailler)
    travail = creer(essai)
    assert executer(travail) == Etat.ANNULEE
    assert not Schedule.objects.filter(name__startswith="reprise").exists()


@pytest.mark.parametrize("etat", [Etat.TERMINEE, Etat.REFUSEE, Etat.EN_ERREUR, Etat.ANNULEE])
def test_annuler_un_travail_fini_ne_change_rien(essai, etat):
    travail = creer(essai)
    essai.objects.update(etat=etat, termine_le=timezone.now())
    image = essai.objects.values().get()
    assert machine.annuler(travail) == etat
    assert essai.objects.values().get() == image


def test_annuler_au_moment_meme_ou_le_travail_revient_en_file_l_annule(essai, monkeypatch):
    """Entre le regard sur « en file » et celui sur « en cours », l'ouvrier rend le travail."""
    prise = en_cours(essai)
    lignes = type(essai.objects.all())
    vrai_update = lignes.update
    deja = []

    def update(self, **champs):
        touchees = vrai_update(self, **champs)
        if not deja:
            deja.append(champs)
            prise.rendre(60)
        return touchees

    monkeypatch.setattr(lignes, "update", update)
    assert machine.annuler(prise.travail) == Etat.ANNULEE


# --- Échouer et reprendre -----------------------------------------------------------------------------


def test_un_refus_dit_pourquoi_et_ne_se_reprend_pas(essai, travail_qui):
    travail_qui(lever(Refus("Ligne 12, colonne « volume » : négatif.")))
    travail = creer(essai)
    assert executer(travail) == Etat.REFUSEE
    assert relire(travail).message == "Ligne 12, colonne « volume » : négatif."
    assert travail.reference_erreur == ""


def test_un_echec_attend_son_delai_et_la_reprise_est_planifiee(essai, travail_qui):
    travail_qui(lever(ValueError("panne")))
    travail = creer(essai)
    assert executer(travail) == Etat.EN_FILE
    attente = relire(travail).pas_avant - timezone.now()
    assert timedelta(seconds=50) < attente <= timedelta(seconds=60)
    reprise = Schedule.objects.get(name__contains=str(travail.pk))
    assert (reprise.next_run, reprise.schedule_type) == (travail.pas_avant, Schedule.ONCE)
    assert executer(travail) == "déjà pris ou fini"


def test_apres_sa_derniere_tentative_un_travail_finit_en_erreur_avec_sa_reference(
    essai, travail_qui, settings, caplog
):
    settings.TRAVAUX_DELAI_REPRISE_S = 0
    travail_qui(lever(ValueError("panne")))
    travail = creer(essai)
    etats = [executer(travail) for _ in range(travail.tentatives_max + 2)]
    assert etats == ["en_file", "en_file", "en_erreur", "déjà pris ou fini", "déjà pris ou fini"]
    assert relire(travail).reference_erreur in travail.message
    assert travail.reference_erreur in caplog.text
    assert "ValueError: panne" in caplog.text
    assert "panne" not in travail.message


def test_relancer_un_travail_dont_la_reprise_est_encore_planifiee_ne_gene_pas_la_suivante(essai, travail_qui):
    travail_qui(lever(ValueError("panne")))
    travail = creer(essai)
    executer(travail)
    machine.annuler(travail)
    assert machine.relancer(travail)
    assert executer(travail) == Etat.EN_FILE


@pytest.mark.django_db(transaction=True)
def test_le_delai_d_execution_depasse_dans_une_requete_finit_en_erreur(essai, travail_qui):
    """La vraie alarme de Django-Q, pendant que la base travaille : la connexion doit rester utilisable."""
    if connection.vendor != "postgresql":
        pytest.skip("pg_sleep n'existe que dans PostgreSQL")

    def dormir(travail, prise):
        with transaction.atomic(), connection.cursor() as curseur:
            curseur.execute("SELECT pg_sleep(60)")

    travail_qui(dormir)
    travail = creer(essai)
    with pytest.raises(SystemExit), TimeoutHandler(1):
        executer(travail)
    assert relire(travail).etat == Etat.EN_ERREUR
    assert travail.tentative == 1
    assert "Délai d'exécution dépassé" in travail.message


# --- Relancer -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("etat", [Etat.REFUSEE, Etat.EN_ERREUR, Etat.ANNULEE])
def test_relancer_remet_en_file_comme_au_premier_jour(essai, travail_qui, etat):
    travail = creer(essai)
    OrmQ.objects.all().delete()
    essai.objects.update(
        etat=etat,
        termine_le=timezone.now(),
        demarre_le=timezone.now(),
        annulation_demandee_le=timezone.now(),
        pas_avant=timezone.now() + timedelta(hours=1),
        tentative=3,
        progression=40,
        message="raté",
        reference_erreur="ABCD",
    )
    assert machine.relancer(travail)
    neuf = relire(travail)
    assert (neuf.etat, neuf.tentative, neuf.progression, neuf.message) == (Etat.EN_FILE, 0, 0, "")
    assert OrmQ.objects.count() == 1
    travail_qui(reussir)
    assert executer(travail) == Etat.TERMINEE


@pytest.mark.parametrize("etat", [Etat.EN_FILE, Etat.EN_COURS, Etat.TERMINEE])
def test_relancer_un_travail_vivant_ou_reussi_est_impossible(essai, etat):
    travail = creer(essai)
    if etat != Etat.EN_FILE:
        prise = machine.reclamer(travail)
    if etat == Etat.TERMINEE:
        prise.terminer()
    image = essai.objects.values().get()
    assert not machine.relancer(travail)
    assert essai.objects.values().get() == image
    assert OrmQ.objects.count() == 1
