"""Le chien de garde redémarre une grappe muette, jamais une grappe occupée."""

import os
import subprocess
import sys
import uuid
from datetime import timedelta

import psutil
import pytest
from django.apps import apps
from django.db import OperationalError
from django.utils import timezone
from django_q.models import OrmQ, Success
from django_q.tasks import async_task

from simulateur import travaux
from simulateur.models import Canari, Etat
from simulateur.services import chien_de_garde, embarque, processus
from simulateur.services.chien_de_garde import ChienDeGarde
from simulateur.tests_outils.grappe import RACINE, adresse_de_la_base_de_test


@pytest.fixture
def horloge(monkeypatch):
    """Avance l'heure vue par le chien : `horloge(30)` la pousse de trente secondes."""
    ecart = timedelta()

    class Horloge:
        def now(self):
            return timezone.now() + ecart

    def avancer(secondes):
        nonlocal ecart
        ecart += timedelta(seconds=secondes)

    monkeypatch.setattr(chien_de_garde, "timezone", Horloge())
    return avancer


@pytest.mark.rapide
@pytest.mark.django_db
class TestDecision:
    def test_le_premier_tour_lache_un_canari(self):
        assert ChienDeGarde().tour() is None
        assert OrmQ.objects.count() == 1
        assert Canari.objects.get().emis_le is not None

    def test_un_canari_en_route_n_est_pas_double(self, horloge):
        chien = ChienDeGarde(_connue=True)
        for _ in range(5):
            assert chien.tour() is None
            horloge(5)
        assert OrmQ.objects.count() == 1

    def test_un_canari_revenu_est_suivi_d_un_autre_apres_l_intervalle(self, horloge):
        chien = ChienDeGarde(_connue=True)
        chien.tour()
        Canari.objects.update(repondu_le=timezone.now() + timedelta(seconds=1))
        horloge(5)
        chien.tour()
        assert OrmQ.objects.count() == 1
        horloge(6)
        assert chien.tour() is None
        assert OrmQ.objects.count() == 2

    def test_sans_reponse_au_dela_du_delai_la_grappe_est_a_redemarrer(self, horloge):
        chien = ChienDeGarde(_connue=True)
        chien.tour()
        horloge(29)
        assert chien.tour() is None
        horloge(2)
        assert "sans réponse depuis 31 s" in chien.tour()

    def test_apres_un_redemarrage_un_canari_neuf_repart(self, horloge):
        chien = ChienDeGarde(_connue=True)
        chien.tour()
        horloge(31)
        assert chien.tour()
        assert chien.tour() is None
        assert OrmQ.objects.count() == 2

    def test_une_grappe_neuve_a_plus_de_temps_pour_sa_premiere_reponse(self, horloge):
        chien = ChienDeGarde()
        chien.tour()
        horloge(chien_de_garde.DEMARRAGE_S - 1)
        assert chien.tour() is None
        horloge(2)
        assert chien.tour()

    def test_une_vieille_reponse_ne_rassure_pas(self, horloge):
        travaux.canari()
        chien = ChienDeGarde(_connue=True)
        chien.tour()
        horloge(31)
        assert chien.tour()

    def test_un_travail_qui_bat_fait_patienter(self, horloge, monkeypatch):
        monkeypatch.setattr(chien_de_garde, "travail_vivant", lambda maintenant: True)
        chien = ChienDeGarde(_connue=True)
        chien.tour()
        horloge(300)
        assert chien.tour() is None

    def test_une_base_muette_ne_fait_rien_redemarrer(self):
        class ChienAveugle(ChienDeGarde):
            def tour(self):
                raise OperationalError

        embarque.surveiller_la_file(None, ChienAveugle())

    def test_ce_que_la_grappe_morte_avait_pris_redevient_livrable(self):
        class ChienInquiet(ChienDeGarde):
            def tour(self):
                return "essai"

        class FauxSuperviseur:
            redemarres = []

            def redemarrer(self, nom, *, raison):
                self.redemarres.append((nom, raison))

        async_task("simulateur.travaux.canari")
        OrmQ.objects.update(lock=timezone.now() + timedelta(hours=1))
        embarque.surveiller_la_file(FauxSuperviseur(), ChienInquiet())
        assert FauxSuperviseur.redemarres == [(embarque.FILE, "essai")]
        assert OrmQ.objects.filter(lock__lte=timezone.now()).count() == 1

    @pytest.mark.parametrize(
        ("etat", "age_s", "vivant"),
        [(Etat.EN_COURS, 5, True), (Etat.EN_COURS, 120, False), (Etat.EN_FILE, None, False)],
    )
    def test_seul_un_battement_recent_prouve_un_travail(self, un_travail, etat, age_s, vivant):
        maintenant = timezone.now()
        battement = None if age_s is None else maintenant - timedelta(seconds=age_s)
        jeton = uuid.uuid4() if etat == Etat.EN_COURS else None
        type(un_travail).objects.filter(pk=un_travail.pk).update(etat=etat, battement=battement, jeton=jeton)
        assert chien_de_garde.travail_vivant(maintenant) is vivant


@pytest.fixture
def un_travail(db):
    """Un travail concret, pris par son nom : le noyau n'importe pas les métiers, ses tests non plus."""
    return apps.get_model("simulations", "Simulation").objects.create(annee=2026, libelle="essai")


@pytest.mark.django_db
def test_les_canaris_ne_remplissent_pas_les_succes_de_l_admin(grappe):
    async_task("simulateur.travaux.canari", save=False)
    grappe.attendre(
        lambda: Canari.objects.filter(repondu_le__isnull=False).exists() and not OrmQ.objects.exists(),
        "le canari revenu",
    )
    assert not Success.objects.filter(func="simulateur.travaux.canari").exists()


@pytest.mark.complet
@pytest.mark.django_db(transaction=True)
def test_la_commande_tient_une_grappe_vivante_et_l_arrete_proprement(tmp_path):
    env = {**os.environ, "DATABASE_URL": adresse_de_la_base_de_test(), "TRAVAUX_OUVRIERS": "1"}
    journal = tmp_path / "chien.log"
    with journal.open("wb") as sortie:
        lance = processus.lancer(
            [sys.executable, "manage.py", "chien_de_garde", "--intervalle", "0.3"],
            env=env,
            sortie=sortie,
            erreurs=subprocess.STDOUT,
            dossier=RACINE,
        )
    try:
        processus.attendre(
            lambda: Canari.objects.filter(repondu_le__isnull=False).exists(),
            delai_s=120,
            quoi=f"la réponse du canari ; journal : {journal}",
        )
        descendants = psutil.Process(lance.pid).children(recursive=True)
    finally:
        propre = processus.arreter(lance, delai_s=60)
    assert propre, journal.read_text()
    assert lance.returncode == 0
    assert len(descendants) >= 4
    assert not [enfant.pid for enfant in descendants if enfant.is_running()]
