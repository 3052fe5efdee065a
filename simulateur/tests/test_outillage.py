"""L'outillage de test lui-même : il doit échouer quand il le faut."""

import os

import psutil
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from simulateur.models import Canari, Revision
from simulateur.tests.outils.gardes import EcritureInterdite


@pytest.mark.rapide
@pytest.mark.django_db
def test_la_lecture_seule_refuse_une_ecriture(lecture_seule):
    with lecture_seule():
        assert Revision.objects.count() == 0
        with pytest.raises(EcritureInterdite, match="INSERT"):
            Revision.objects.create(portee="x")
        with pytest.raises(EcritureInterdite, match="UPDATE"):
            Revision.objects.update(numero=3)


@pytest.mark.rapide
@pytest.mark.parametrize("alias", ["default", "pages", "calcul"])
def test_les_caches_de_test_sont_de_vrais_serveurs_et_distincts(alias):
    caches[alias].set("cle", alias)
    assert caches[alias].get("cle") == alias
    assert sum(caches[autre].get("cle") is not None for autre in settings.CACHES) == 1


@pytest.mark.django_db
def test_les_tests_tournent_sur_postgresql_sauf_demande_contraire():
    voulue = os.environ.get("SIMULATEUR_TEST_BASE") or "postgres"
    assert connection.vendor == {"postgres": "postgresql", "sqlite": "sqlite"}[voulue]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fois", [1, 2])
def test_les_lignes_livrees_par_les_migrations_survivent_aux_tests_transactionnels(fois):
    assert Schedule.objects.filter(name="noyau : canari").count() == 1


def test_une_vraie_grappe_repond_puis_s_arrete_sans_rien_laisser(grappe):
    async_task("simulateur.travaux.entrees.canari")
    grappe.attendre(lambda: Canari.objects.filter(repondu_le__isnull=False).exists(), "la réponse du canari")
    grappe.attendre(lambda: not OrmQ.objects.exists(), "la file vide")
    pids = grappe.tous_les_pids()
    assert len(grappe.ouvriers()) == settings.TRAVAUX_OUVRIERS
    assert grappe.arreter(), grappe.lire_journal()
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
