"""Les sondes /vivant, /pret et /metrics, et la santé prouvée par le canari."""

import pydoc
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from prometheus_client.parser import text_string_to_metric_families

from simulateur.exploitation import sante
from simulateur.exploitation.exposition import exposer
from simulateur.models import Canari
from simulateur.pages import sondes
from simulateur.travaux import entrees as travaux
from simulateur.travaux import planification
from simulateur.travaux.installation import installer_planifications
from simulateur.travaux.planification import NOM_CANARI, Planification, declarees

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]


def _canari_repondu_il_y_a(secondes):
    Canari.objects.update_or_create(
        nom=NOM_CANARI, defaults={"repondu_le": timezone.now() - timedelta(seconds=secondes)}
    )


def test_vivant_ne_touche_pas_la_base(client, compter_requetes):
    with compter_requetes() as requetes:
        assert client.get("/vivant").status_code == 200
    assert len(requetes) == 0


def test_pret_repond_par_la_base_et_le_cache(client, lecture_seule):
    with lecture_seule():
        assert client.get("/pret").json() == {"base": True, "cache": True}


def test_pret_reste_vert_quand_le_cache_tombe(client, monkeypatch):
    monkeypatch.setattr(sondes, "caches", {})
    reponse = client.get("/pret")
    assert reponse.status_code == 200
    assert reponse.json() == {"base": True, "cache": False}


def test_pret_rougit_quand_la_base_tombe(client, monkeypatch):
    def refuser():
        raise OSError

    monkeypatch.setattr(connection, "cursor", refuser)
    assert client.get("/pret").status_code == 503


def _valeur(texte, nom, **etiquettes):
    for famille in text_string_to_metric_families(texte):
        for mesure in famille.samples:
            if mesure.name == nom and etiquettes.items() <= mesure.labels.items():
                return mesure.value
    return None


def test_les_mesures_comptent_les_requetes_sous_le_nom_de_leur_vue(client):
    def servies():
        return _valeur(exposer().decode(), "simulateur_requetes_total", vue="vivant", methode="GET")

    avant = servies() or 0
    client.get("/vivant")
    assert servies() == avant + 1


def test_une_methode_inventee_ne_cree_pas_d_etiquette(client):
    client.generic("PIRATE42", "/vivant")
    texte = exposer().decode()
    assert "PIRATE42" not in texte
    assert _valeur(texte, "simulateur_requetes_total", methode="autre")


def test_les_mesures_disent_la_longueur_de_la_file(client):
    OrmQ.objects.create(key="simulateur", payload="x", lock=timezone.now())
    assert _valeur(client.get("/metrics").content.decode(), "simulateur_file_longueur") == 1


@pytest.mark.parametrize(
    ("age_s", "etat"), [(0, "healthy"), (80, "healthy"), (100, "degraded"), (301, "unhealthy")]
)
def test_la_sante_suit_l_age_du_canari(age_s, etat, lecture_seule):
    _canari_repondu_il_y_a(age_s)
    with lecture_seule():
        vue = sante.examiner()
    assert vue.etat == etat
    assert vue.age_canari_s == pytest.approx(age_s, abs=5)


def test_sans_aucun_canari_la_file_est_malade_et_sans_ouvrier():
    vue = sante.examiner()
    assert (vue.etat, vue.ouvriers, vue.age_canari_s) == ("unhealthy", 0, None)
    assert "qcluster" in vue.phrase


def test_un_travail_qui_attend_trop_degrade_la_sante():
    _canari_repondu_il_y_a(1)
    OrmQ.objects.create(key="simulateur", payload="x", lock=timezone.now() - timedelta(seconds=120))
    vue = sante.examiner()
    assert vue.etat == "degraded"
    assert vue.file == 1
    assert vue.plus_ancienne_s == pytest.approx(120, abs=5)


def test_une_entree_deja_prise_n_attend_pas():
    _canari_repondu_il_y_a(1)
    OrmQ.objects.create(key="simulateur", payload="x", lock=timezone.now() + timedelta(seconds=900))
    assert sante.examiner().file == 0


def test_le_canari_qui_traverse_la_file_se_note():
    assert travaux.canari() == "vivant"
    assert sante.examiner().etat == "healthy"


def test_les_planifications_livrees_sont_creees_une_seule_fois():
    installer_planifications()
    noms = list(Schedule.objects.values_list("name", flat=True))
    assert sorted(noms) == sorted(plan.nom for plan in declarees())


def test_une_planification_modifiee_par_l_exploitant_reste_la_sienne():
    Schedule.objects.filter(name="noyau : canari").update(minutes=7)
    installer_planifications()
    assert Schedule.objects.get(name="noyau : canari").minutes == 7


def test_une_planification_manquante_est_recreee(monkeypatch):
    Schedule.objects.filter(name="noyau : faucheur").delete()
    nouvelle = Planification(
        nom="essai : nuit", fonction="simulateur.travaux.entrees.canari", cron="30 3 * * *"
    )
    monkeypatch.setattr(planification, "_DECLAREES", [*declarees(), nouvelle])
    installer_planifications()
    assert Schedule.objects.filter(name="noyau : faucheur").exists()
    nuit = Schedule.objects.get(name="essai : nuit")
    assert nuit.next_run > timezone.now()
    assert timezone.localtime(nuit.next_run).strftime("%H:%M") == "03:30"


def test_chaque_planification_livree_designe_une_fonction_qui_existe():
    assert all(callable(pydoc.locate(plan.fonction)) for plan in declarees())
