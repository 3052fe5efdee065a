"""Performance mesurée et rapport de la semaine : ce qui est dit a vraiment eu lieu."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django_q.models import Schedule

from euromillions.grilles import lancement
from euromillions.models import Generation, MesurePerformance, RapportHebdomadaire, Tirage
from euromillions.precision import rapport
from euromillions.templatetags.euromillions import memoire
from euromillions.tests.outils.fabriques import un_tirage
from euromillions.tests.outils.grilles import arriver, executee, generer
from euromillions.travaux import elaguer_les_mesures, rapport_hebdomadaire
from simulateur.cache.disjoncteur import disjoncteur
from simulateur.exploitation.exposition import exposer
from simulateur.travaux.machine import executer

pytestmark = pytest.mark.django_db
METRIQUES = "/api/euromillions/performance-metrics"


@pytest.mark.rapide
def test_les_mesures_ont_la_forme_du_contrat(api, petite_histoire, lecture_seule):
    generer()
    with lecture_seule():
        corps = api.get(METRIQUES).json()
    assert set(corps) == {
        "performance_summary", "strategies", "cache_performance", "system", "analysis_period_days",
    }  # fmt: skip
    assert set(corps["performance_summary"]) == {
        "period_days", "total_generations", "average_generation_time", "fastest_generation",
        "slowest_generation", "cache_hit_rate", "success_rate", "strategies_used",
    }  # fmt: skip
    assert {"cache_status", "used_memory", "cache_hits", "cache_misses", "hit_rate"} <= set(
        corps["cache_performance"]
    )
    assert corps["cache_performance"]["cache_status"] == "connected"
    assert corps["analysis_period_days"] == corps["performance_summary"]["period_days"] == 7
    assert corps["system"]["draws"] == len(petite_histoire)
    assert corps["system"]["last_draw_date"] == petite_histoire[-1].isoformat()
    assert corps["system"]["uptime"] > 0


def test_sans_rien_d_execute_rien_n_est_invente(api, db):
    resume = api.get(METRIQUES).json()["performance_summary"]
    assert resume["total_generations"] == 0
    for nom in ("average_generation_time", "fastest_generation", "cache_hit_rate", "success_rate"):
        assert resume[nom] is None


def test_reussites_echecs_et_cache_sont_comptes(api, utilisateur, petite_histoire):
    for _ in range(2):
        lancement_api = api.post("/api/euromillions/generate-advanced?strategy=gap_based&num_grids=2").json()
        if not lancement_api["cached"]:
            executee(Generation.objects.get(pk=lancement_api["task_id"]))
    generer(nombre=3)
    refusee = lancement.lancer(lancement.DemandeDeGrilles(lancement.Strategie.HASARD, 2))
    Tirage.objects.all().delete()
    executer(refusee._meta.label, str(refusee.pk))
    resume = api.get(METRIQUES).json()["performance_summary"]
    assert resume["total_generations"] == 4
    assert resume["strategies_used"] == {"gap_based": 2, "random": 2}
    assert resume["cache_hit_rate"] == 50.0
    assert resume["success_rate"] == 66.67
    assert (
        0 < resume["fastest_generation"] <= resume["average_generation_time"] <= resume["slowest_generation"]
    )
    assert b"simulateur_euromillions_generation_secondes_count" in exposer()


def test_la_periode_borne_les_mesures_et_les_vieilles_sont_elaguees(api, petite_histoire):
    generer()
    MesurePerformance.objects.update(le=timezone.now() - timedelta(days=8))
    assert api.get(METRIQUES).json()["performance_summary"]["total_generations"] == 0
    assert api.get(f"{METRIQUES}?days=30").json()["performance_summary"]["total_generations"] == 1
    assert elaguer_les_mesures() == 0
    MesurePerformance.objects.update(le=timezone.now() - timedelta(days=366))
    assert elaguer_les_mesures() == 1


@pytest.mark.rapide
@pytest.mark.parametrize("jours", ["0", "10000", "366", "-1", "sept", "²", "7.5"])
def test_un_mauvais_nombre_de_jours_est_refuse_en_le_nommant(api, jours):
    reponse = api.get(METRIQUES, {"days": jours})
    assert reponse.status_code == 400
    assert list(reponse.json()["champs"]) == ["days"]


def test_cache_en_panne_les_mesures_le_disent(api, petite_histoire):
    disjoncteur.declencher("default", ConnectionError())
    corps = api.get(METRIQUES).json()["cache_performance"]
    assert (corps["cache_status"], corps["used_memory"]) == ("unavailable", None)


@pytest.fixture
def semaine_jugee(petite_histoire, monkeypatch):
    """Un mardi de la semaine passée, 40 grilles jugées ; rend le lundi."""
    lundi = rapport.semaine_passee()
    mardi = lundi + timedelta(days=1)
    monkeypatch.setattr(lancement, "prochaine_cible", lambda maintenant: mardi)
    generer(nombre=40)
    arriver(mardi)
    return lundi


@pytest.mark.rapide
def test_le_rapport_reunit_tirages_grilles_uniformite_et_qualite(semaine_jugee):
    contenu = rapport.produire().contenu
    assert contenu["week"]["start"] == semaine_jugee.isoformat()
    assert [t["date"] for t in contenu["draws"]] == [(semaine_jugee + timedelta(days=1)).isoformat()]
    assert [ligne["grids"] for ligne in contenu["strategies_of_the_week"]] == [40]
    assert 0 <= contenu["uniformity"]["p"] <= 1
    assert contenu["data_quality"]["missing_draws"] > 0
    assert date.fromisoformat(contenu["next_draw"]).isoweekday() in (2, 5)


def test_refait_le_rapport_remplace_le_precedent(semaine_jugee):
    assert rapport_hebdomadaire() == rapport_hebdomadaire() == f"semaine du {semaine_jugee:%d/%m/%Y}"
    assert RapportHebdomadaire.objects.count() == 1


@pytest.mark.rapide
def test_le_rapport_se_lit_partout_sans_rien_ecrire(
    semaine_jugee, api, client_connecte, client_staff, lecture_seule
):
    lu = rapport.produire()
    with lecture_seule():
        assert api.get("/api/euromillions/weekly-reports").json() == {"reports": [lu.lundi.isoformat()]}
        corps = api.get(f"/api/euromillions/weekly-reports/{lu.lundi}").json()
        pages = [
            client_connecte.get(adresse).content.decode()
            for adresse in (
                reverse("euromillions:rapports"),
                lu.get_absolute_url(),
                f"{lu.get_absolute_url()}/impression",
                reverse("euromillions:performance"),
            )
        ]
    assert corps["week"] == lu.contenu["week"]
    assert all("Le hasard décide." in page for page in pages)
    assert "Se déconnecter" not in pages[2]
    adresse = reverse("admin:euromillions_rapporthebdomadaire_changelist")
    assert client_staff.get(adresse).status_code == 200
    refait = client_staff.post(adresse, {"action": "refaire", "_selected_action": [lu.pk]}, follow=True)
    assert "1 rapports refaits" in refait.content.decode()
    assert client_staff.get(reverse("admin:euromillions_mesureperformance_changelist")).status_code == 200


def test_une_semaine_sans_rapport_rend_404(api, client_connecte):
    assert api.get("/api/euromillions/weekly-reports/2020-01-06").status_code == 404
    assert client_connecte.get("/euromillions/rapports/2020-01-06").status_code == 404


def test_sans_aucun_tirage_le_rapport_se_fait_quand_meme(db):
    contenu = rapport.produire().contenu
    assert (contenu["draws"], contenu["uniformity"]["p"]) == ([], None)


def test_la_commande_produit_imprime_et_refuse_une_mauvaise_date(petite_histoire):
    un_tirage(date(2024, 1, 2)).save()
    sortie = StringIO()
    call_command("rapport_hebdomadaire", semaine="2024-01-04", stdout=sortie)
    assert "tirage du 2024-01-02" in sortie.getvalue()
    assert RapportHebdomadaire.objects.get().lundi == date(2024, 1, 1)
    sortie = StringIO()
    call_command("rapport_hebdomadaire", "--json", stdout=sortie)
    assert "uniformity" in json.loads(sortie.getvalue())
    for mauvaise in ("hier", "1999-01-01", "2999-01-01"):
        with pytest.raises(CommandError, match="--semaine"):
            call_command("rapport_hebdomadaire", semaine=mauvaise)


def test_les_travaux_periodiques_sont_dans_l_admin(db):
    crons = dict(Schedule.objects.filter(func__startswith="euromillions.travaux").values_list("func", "cron"))
    assert crons["euromillions.travaux.rapport_hebdomadaire"] == "0 8 * * 1"
    assert crons["euromillions.travaux.juger_les_grilles"] == "0 6 * * *"


@pytest.mark.parametrize(
    ("brute", "lue"),
    [("1.25M", "1,25\u202fMo"), ("900B", "900\u202fo"), ("2.00G", "2,00\u202fGo"), (None, "—")],
)
def test_la_memoire_du_cache_s_ecrit_en_francais(brute, lue):
    assert memoire(brute) == lue
