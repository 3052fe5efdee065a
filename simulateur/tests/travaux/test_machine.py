"""La machine à états : chaque transition n'a qu'un gagnant, et rien ne reste à moitié écrit."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from simulateur.models import Canari, Etat
from simulateur.tests.outils.travail import creer, en_cours, executer, relire, reussir
from simulateur.travaux import machine

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]


# --- Créer --------------------------------------------------------------------------------------------


def test_un_travail_cree_est_en_file_avec_sa_seule_cle_dans_la_file(essai):
    travail = creer(essai)
    entree = OrmQ.objects.get()
    assert relire(travail).etat == Etat.EN_FILE
    assert travail.tache_file == entree.task_id()
    assert entree.args() == ("simulateur.TravailDEssai", str(travail.pk))


def test_une_creation_defaite_ne_laisse_ni_ligne_ni_entree_de_file(essai):
    with transaction.atomic():
        creer(essai)
        transaction.set_rollback(True)
    assert not essai.objects.exists()
    assert not OrmQ.objects.exists()


def test_la_meme_cle_et_la_meme_demande_rendent_le_meme_travail(essai, utilisateur):
    premier = creer(essai, demandeur=utilisateur, cle_idempotence="a", empreinte="x")
    second, nouveau = machine.creer_et_enfiler(
        essai(demandeur=utilisateur, cle_idempotence="a", empreinte="x")
    )
    assert (second.pk, nouveau) == (premier.pk, False)
    assert OrmQ.objects.count() == 1


def test_la_meme_cle_pour_une_autre_demande_est_refusee(essai, utilisateur):
    creer(essai, demandeur=utilisateur, cle_idempotence="a", empreinte="x")
    with pytest.raises(machine.CleDejaUtilisee):
        creer(essai, demandeur=utilisateur, cle_idempotence="a", empreinte="y")
    assert essai.objects.count() == 1


def test_deux_demandeurs_peuvent_choisir_la_meme_cle(essai, utilisateur, utilisateur_staff):
    creer(essai, demandeur=utilisateur, cle_idempotence="a", empreinte="x")
    creer(essai, demandeur=utilisateur_staff, cle_idempotence="a", empreinte="y")
    assert essai.objects.count() == OrmQ.objects.count() == 2


def test_sans_cle_deux_demandes_egales_font_deux_travaux(essai, utilisateur):
    creer(essai, demandeur=utilisateur, empreinte="x")
    creer(essai, demandeur=utilisateur, empreinte="x")
    assert essai.objects.count() == 2


@pytest.mark.panne("lancements simultanés de même clé", "un seul travail")
@pytest.mark.django_db(transaction=True)
def test_des_demandes_simultanees_de_meme_cle_ne_font_qu_un_travail(essai, utilisateur, en_parallele):
    def demander(_):
        return machine.creer_et_enfiler(essai(demandeur=utilisateur, cle_idempotence="a", empreinte="x"))

    reponses = en_parallele(demander, 6)
    assert len({travail.pk for travail, _ in reponses}) == 1
    assert [nouveau for _, nouveau in reponses].count(True) == 1
    assert essai.objects.count() == OrmQ.objects.count() == 1


# --- Réclamer -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_un_seul_ouvrier_obtient_le_travail(essai, en_parallele):
    travail = creer(essai)
    prises = en_parallele(lambda _: machine.reclamer(essai.objects.get(pk=travail.pk)), 8)
    gagnantes = [prise for prise in prises if prise is not None]
    assert len(gagnantes) == 1
    assert relire(travail).jeton == gagnantes[0].jeton
    assert (travail.etat, travail.tentative) == (Etat.EN_COURS, 1)


def test_un_travail_a_bout_de_tentatives_n_est_plus_reclame(essai):
    travail = creer(essai)
    essai.objects.update(tentative=travail.tentatives_max)
    assert machine.reclamer(travail) is None
    essai.objects.update(tentative=travail.tentatives_max - 1)
    assert machine.reclamer(travail) is not None


def test_un_travail_n_est_pas_reclame_avant_son_heure(essai):
    travail = creer(essai)
    essai.objects.update(pas_avant=timezone.now() + timedelta(hours=1))
    assert machine.reclamer(travail) is None
    essai.objects.update(pas_avant=timezone.now())
    assert machine.reclamer(travail) is not None


@pytest.mark.parametrize("etat", [Etat.TERMINEE, Etat.REFUSEE, Etat.EN_ERREUR, Etat.ANNULEE])
def test_un_travail_fini_n_est_plus_reclame(essai, etat):
    travail = creer(essai)
    essai.objects.update(etat=etat, termine_le=timezone.now())
    assert machine.reclamer(travail) is None
    assert executer(travail) == "déjà pris ou fini"


def test_une_entree_de_file_dont_la_ligne_a_disparu_ne_fait_rien(essai):
    assert machine.executer("simulateur.TravailDEssai", str(uuid.uuid4())) == "ligne supprimée"


# --- Le jeton -----------------------------------------------------------------------------------------


@pytest.fixture
def prise_perdue(essai):
    """Une prise dont la ligne appartient désormais à un autre ouvrier, et l'image de cette ligne."""
    prise = en_cours(essai)
    essai.objects.update(jeton=uuid.uuid4(), message="à l'autre")
    return prise, essai.objects.values().get()


@pytest.mark.parametrize(
    "ecrire",
    [
        lambda prise: prise.avancer(1, 2),
        lambda prise: prise.terminer(lambda: Canari.objects.create(nom="résultat")),
    ],
    ids=["avancer", "terminer"],
)
def test_un_ouvrier_depossede_s_arrete_sans_rien_ecrire(essai, prise_perdue, ecrire):
    prise, image = prise_perdue
    with pytest.raises(machine.PrisePerdue):
        ecrire(prise)
    assert essai.objects.values().get() == image
    assert not Canari.objects.filter(nom="résultat").exists()


@pytest.mark.parametrize(
    "ecrire",
    [
        lambda prise: prise.finir(Etat.EN_ERREUR, "perdu"),
        lambda prise: prise.rendre(60),
    ],
    ids=["finir", "rendre"],
)
def test_un_ouvrier_depossede_ne_conclut_pas_a_la_place_du_nouveau(essai, prise_perdue, ecrire):
    prise, image = prise_perdue
    planifications = Schedule.objects.count()
    ecrire(prise)
    assert essai.objects.values().get() == image
    assert Schedule.objects.count() == planifications


def test_un_travail_supprime_pendant_son_execution_n_ecrit_aucun_resultat(essai, travail_qui):
    def travailler(travail, prise):
        essai.objects.all().delete()
        reussir(travail, prise)

    travail_qui(travailler)
    assert executer(creer(essai)) == "perdu"
    assert not Canari.objects.exists()


# --- Ce que la base elle-même refuse ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("champs", "contrainte"),
    [
        ({"progression": 101}, "progression_max_100"),
        ({"etat": Etat.TERMINEE}, "fin_datee"),
        ({"termine_le": timezone.now()}, "fin_datee"),
        ({"etat": Etat.EN_COURS}, "en_cours_tenu"),
        ({"etat": Etat.EN_COURS, "jeton": uuid.uuid4()}, "en_cours_tenu"),
        ({"etat": "perdue"}, "fin_datee"),
    ],
)
def test_la_base_refuse_un_etat_incoherent(essai, champs, contrainte):
    creer(essai)
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        essai.objects.update(**champs)
