"""Une statistique qui ne se calcule pas est absente, avec sa raison : ni 500, ni chiffre, ni verdict."""

import copy

import pytest
from django.urls import reverse
from django.utils import timezone

from euromillions.grilles import heuristiques
from euromillions.models import Backtest
from euromillions.precision import rapport, strategies
from euromillions.statistiques.valeur import raison_de_l_absence
from euromillions.templatetags import euromillions as filtres
from euromillions.tests.outils.fabriques import petite_histoire
from simulateur.models import Etat
from simulateur.templatetags.formats import ABSENT
from simulateur.travaux.machine import executer

pytestmark = pytest.mark.django_db
NOMS = (
    *("accueil", "tirages", "frequences", "ecarts", "combinaisons", "repartitions", "uniformite", "gains"),
    *("heuristiques", "noter", "verificateur", "precision", "performance", "backtests", "rapports"),
    "grilles",
)
PAGES = (
    *(reverse(f"euromillions:{nom}") for nom in NOMS),
    "/euromillions/noter?grilles=1,2,3,4,5/1,2",
)
API = "/api/euromillions/"
CHEMINS = (
    *("quick-stats", "stats", "gap-analysis", "combination-analysis", "numbers/7", "stars/2", "payouts"),
    *("years", "eras", "draws", "gap-prediction", "frequent-combinations", "popularity", "precision"),
    *("performance-metrics", "score-grid?numbers=1,2,3,4,5&stars=1,2", "compare-grids?grids=1,2,3,4,5/1,2"),
)


def un_backtest(api, **parametres):
    suite = api.post("/api/euromillions/backtest", parametres, format="json").json()
    executer("euromillions.Backtest", suite["task_id"])
    fait = Backtest.objects.get(pk=suite["task_id"])
    assert fait.etat == Etat.TERMINEE, fait.message
    return fait


@pytest.fixture
def a_une_grille(api):
    petite_histoire(120)
    return un_backtest(api, grids_per_draw=1)


def test_un_backtest_d_une_grille_ne_fait_tomber_ni_page_ni_point_d_api(api, client_connecte, a_une_grille):
    """À une grille par tirage, une note est la moyenne de son tirage : z et p n'existent pas."""
    mesure = a_une_grille.resultats["score"]
    assert mesure["p"] is None
    assert mesure["correlation"] is not None
    adresses = (*PAGES, a_une_grille.get_absolute_url())
    tombees = {adresse: client_connecte.get(adresse).status_code for adresse in adresses}
    tombees |= {chemin: api.get(API + chemin).status_code for chemin in CHEMINS}
    tombees["suivi"] = api.get(f"{API}backtest/{a_une_grille.pk}").status_code
    assert {adresse: code for adresse, code in tombees.items() if code != 200} == {}


def test_la_raison_remplace_le_chiffre_et_rien_ne_se_conclut(api, client_connecte, a_une_grille):
    valeur = heuristiques.valeur_des_scores()
    raison = "une seule grille par tirage"
    assert raison in valeur["statement"]
    assert "p =" not in valeur["statement"]
    page = client_connecte.get(a_une_grille.get_absolute_url()).content.decode()
    assert raison in page
    assert "La note n'annonce rien." not in page
    suivi = api.get(f"{API}backtest/{a_une_grille.pk}").json()["result"]["score"]
    assert suivi["p"] is None
    assert raison in suivi["reason"]


@pytest.mark.parametrize(
    ("mesure", "raison"),
    [
        ({"p": 0.5, "draws": 10, "grids": 20}, ""),
        ({"p": None, "draws": 10, "grids": 10}, "une seule grille par tirage"),
        ({"p": None, "draws": 10, "grids": 20}, "la même note"),
    ],
)
def test_chaque_absence_a_sa_raison(mesure, raison):
    dite = raison_de_l_absence({"correlation": None, "z": None, **mesure})
    assert (raison in dite) if raison else dite == ""


def test_la_mesure_montree_est_celle_du_plus_de_tirages_pas_la_plus_recente(api):
    petite_histoire(140)
    long = un_backtest(api, grids_per_draw=2)
    un_backtest(api, grids_per_draw=5, since="2018-01-12")
    assert heuristiques.valeur_des_scores()["backtest"] == str(long.pk)
    assert heuristiques.valeur_des_scores()["measured"]["draws"] == 40


def test_a_tirages_egaux_une_mesure_qui_existe_passe_devant_une_qui_manque(api):
    petite_histoire(120)
    mesure = un_backtest(api, grids_per_draw=2)
    un_backtest(api, grids_per_draw=1)
    assert heuristiques.valeur_des_scores()["backtest"] == str(mesure.pk)


def test_une_mesure_sur_des_tirages_fictifs_ne_vaut_plus_pour_les_vrais(api):
    petite_histoire(120)
    Backtest.objects.filter(pk=un_backtest(api, grids_per_draw=2).pk).update(fictif=True)
    assert heuristiques.valeur_des_scores()["measured"] is None


@pytest.mark.parametrize("filtre", [filtres.chance, filtres.lecture_p, filtres.une_sur, filtres.en_pourcent])
def test_aucun_filtre_ne_tombe_ni_ne_conclut_sur_une_absence(filtre):
    assert filtre(None) == filtre("") == ABSENT
    assert filtres.div100(None) is None


def test_un_test_d_ajustement_sans_p_ne_se_lit_pas():
    assert "hasard" not in filtres.phrase_du_test({"chi2": None, "df": 1, "p": None})


def test_les_pages_de_precision_et_le_rapport_supportent_des_p_absents(
    api, client_connecte, a_une_grille, monkeypatch
):
    """Toutes les statistiques facultatives à None, et le rapport de la semaine qui les garde."""
    muettes = copy.deepcopy(a_une_grille.resultats["strategies"])
    for ligne in muettes.values():
        for boules in (ligne["numbers"], ligne["stars"]):
            boules |= dict.fromkeys(("ci_low", "ci_high", "z", "p", "p_corrected"))
        ligne["return_rate"] = None
    monkeypatch.setattr(strategies, "calculer", lambda *bornes: muettes)
    lu = rapport.produire()
    for adresse in (reverse("euromillions:precision"), lu.get_absolute_url(), PAGES[12]):
        reponse = client_connecte.get(adresse)
        assert reponse.status_code == 200
        assert "— à —" not in reponse.content.decode()
    assert api.get(f"{API}precision").status_code == 200
    assert timezone.now() >= lu.produit_le
