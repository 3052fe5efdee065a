"""Heuristiques, popularité, modèle appris et vérificateur, par l'API et les pages."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from euromillions import travaux
from euromillions.grilles import heuristiques
from euromillions.models import Backtest, GainRang, ModeleAppris
from euromillions.tests.outils.fabriques import petite_histoire as remplir
from euromillions.tests.outils.fabriques import un_tirage
from euromillions.tests.outils.references import en_api
from simulateur.tests.outils.compact import lignes
from simulateur.tests.outils.texte import texte_visible as texte
from simulateur.travaux.machine import executer

pytestmark = pytest.mark.django_db
BASE = "/api/euromillions"
GRILLE = "numbers=7,13,25,38,42&stars=2,11"
LECTURES = [
    "gap-prediction", "frequent-combinations", f"score-grid?{GRILLE}", "popularity",
    "compare-grids?grids=1,2,3,4,5/1,2;10,20,30,40,50", f"check-grid?{GRILLE}",
]  # fmt: skip


@pytest.mark.rapide
@pytest.mark.parametrize("chemin", LECTURES)
def test_une_lecture_repond_sans_ecrire(api, petite_histoire, lecture_seule, chemin):
    with lecture_seule():
        assert api.get(f"{BASE}/{chemin}").status_code == 200


def test_les_scores_par_l_api_sont_ceux_de_reference(api, histoire_reelle, references):
    reference = references["formules"]
    attendues = lignes(reference["grilles"])
    grilles = [{"numbers": une["grille"]} for une in attendues]
    comparees = api.post(f"{BASE}/compare-grids", {"grids": grilles}, format="json").json()
    for ligne in comparees["grids"]:
        attendue = en_api(attendues[ligne["position"] - 1])
        assert ligne["scores"] == {nom: attendue[nom] for nom in ligne["scores"]}
        assert len(ligne["scores"]) == 6
        assert (ligne["total_score"], ligne["confidence"]) == (
            attendue["score_total"],
            attendue["confiance"],
        )
    assert comparees["best"] == 7
    seule = api.get(f"{BASE}/score-grid?numbers=42,7,13,38,25").json()
    assert seule["total_score"] == 0.537
    assert "sans valeur prédictive" in seule["value"]["statement"]
    ecarts = api.get(f"{BASE}/gap-prediction").json()
    assert ecarts["as_of"] == reference["au"]
    assert sum(e["overdue_factor"] > 1.5 for e in ecarts["numbers"]) == reference["en_retard"]
    cinq = sorted(
        sorted(ecarts["numbers"], key=lambda e: -e["prediction_score"])[:5], key=lambda e: e["numero"]
    )
    assert [e["numero"] for e in cinq] == reference["mieux_predits"]
    tailles = api.get(f"{BASE}/frequent-combinations?size=3").json()["sizes"]
    assert [t["size"] for t in tailles] == [3]
    assert tailles[0]["frequent"] == reference["combinaisons"]["3"]["frequentes"]


def test_le_backtest_mesure_ce_que_vaut_le_score(api, client_connecte, db):
    remplir(140)
    assert api.get(f"{BASE}/score-grid?{GRILLE}").json()["value"]["measured"] is None
    lance = api.post(f"{BASE}/backtest", {"grids_per_draw": 20}, format="json").json()
    executer("euromillions.Backtest", lance["task_id"])
    valeur = api.get(f"{BASE}/score-grid?{GRILLE}").json()["value"]
    assert valeur["backtest"] == lance["task_id"]
    assert valeur["measured"]["draws"] == 40
    assert valeur["measured"]["grids"] == 800
    assert valeur["measured"]["correlation"] == pytest.approx(0.0619655366)  # graine livrée
    assert valeur["measured"]["z"] == pytest.approx(1.3991646367)
    assert "corrélation" in valeur["statement"]
    page = client_connecte.get(Backtest.objects.get().get_absolute_url()).content.decode()
    assert "Ce que vaut le score" in page


@pytest.mark.rapide
@pytest.mark.parametrize(
    ("champ", "parametres"),
    [
        ("numbers", "numbers=1,2,3,4"), ("numbers", "numbers=1,2,3,4,4&stars=1,2"),
        ("numbers", "numbers=1,2,3,4,51"), ("numbers", "numbers=a,b"), ("numbers", ""),
        ("stars", "numbers=1,2,3,4,5&stars=1,13"), ("stars", "numbers=1,2,3,4,5&stars=3,3"),
        ("stars", "numbers=1,2,3,4,5&stars=1,10&era=9-etoiles"), ("stars", "numbers=1,2,3,4,5&stars=1"),
        ("era", "numbers=1,2,3,4,5&era=inconnue"),
    ],
)  # fmt: skip
def test_une_grille_fautive_est_refusee_en_nommant_le_champ(api, petite_histoire, champ, parametres):
    for chemin in ("score-grid", "check-grid"):
        reponse = api.get(f"{BASE}/{chemin}?{parametres}")
        assert reponse.status_code == 400
        assert champ in reponse.json()["champs"]


def test_une_grille_de_l_ere_s_y_joue(api, petite_histoire):
    assert api.get(f"{BASE}/score-grid?numbers=1,2,3,4,5&stars=1,9&era=9-etoiles").status_code == 200


@pytest.mark.parametrize(
    "corps",
    [
        {}, {"grids": []}, {"grids": "1,2"}, {"grids": [[1, 2, 3, 4]]}, [], [[]],
        {"grids": [{"numbers": [1, 1, 2, 3, 4]}]},
        {"grids": [{"numbers": [1, 2, 3, 4, True]}]}, {"grids": [{"numbers": [1, 2, 3, 4, 5]}] * 1001},
        {"grids": [{}]},
    ],
)  # fmt: skip
def test_une_comparaison_fautive_est_refusee(api, petite_histoire, corps):
    reponse = api.post(f"{BASE}/compare-grids", corps, format="json")
    assert reponse.status_code == 400
    assert list(reponse.json()["champs"]) == ["grids"]


def test_les_scripts_anciens_envoient_un_simple_tableau(api, petite_histoire):
    objet = {"numbers": [3, 7, 12, 30, 41], "stars": [2, 9]}
    a_plat = [*objet["numbers"], *objet["stars"]]
    for chemin, nomme, tableau in (
        ("score-grid", objet, a_plat),
        ("score-grid", {"numbers": objet["numbers"]}, objet["numbers"]),
        ("compare-grids", {"grids": [objet, objet]}, [a_plat, objet]),
    ):
        attendu, lu = (api.post(f"{BASE}/{chemin}", corps, format="json") for corps in (nomme, tableau))
        assert attendu.status_code == 200
        assert lu.json() == attendu.json()


@pytest.mark.parametrize(
    ("chemin", "corps", "champ"),
    [
        ("score-grid?era=inconnue", {"numbers": [1, 2, 3, 4, 5], "era": "9-etoiles"}, "era"),
        ("compare-grids?era=inconnue", {"grids": [{"numbers": [1, 2, 3, 4, 5]}], "era": "9-etoiles"}, "era"),
        ("generate-advanced?seed=x", {"strategy": "random", "seed": 5}, "seed"),
        ("generate-advanced?strategy=random", {"strategy": "gap_based"}, "strategy"),
        ("backtest?grids_per_draw=3", {"grids_per_draw": 4}, "grids_per_draw"),
    ],
)
def test_deux_valeurs_d_un_parametre_sont_refusees(api, petite_histoire, chemin, corps, champ):
    """L'une dans l'adresse, l'autre dans le corps : la première se taisait, fût-elle illisible."""
    refus = api.post(f"{BASE}/{chemin}", corps, format="json")
    assert refus.status_code == 400
    assert list(refus.json()["champs"]) == [champ]


@pytest.mark.parametrize(
    ("chemin", "champ"),
    [("frequent-combinations?size=5", "size"), (f"check-grid?{GRILLE}&since=hier", "since")],
)
def test_un_mauvais_parametre_est_refuse(api, petite_histoire, chemin, champ):
    assert list(api.get(f"{BASE}/{chemin}").json()["champs"]) == [champ]


def test_sans_tirage_noter_est_refuse_par_une_phrase(api, db):
    assert api.get(f"{BASE}/score-grid?{GRILLE}").json()["detail"].startswith("Aucun tirage")
    assert api.get(f"{BASE}/gap-prediction").json()["numbers"] == []


def test_le_modele_se_reapprend_par_la_file_et_se_lit(api, client_staff, client_connecte, db):
    assert api.get(f"{BASE}/prediction-model").status_code == 404
    assert "160 tirages" in travaux.reapprendre_le_modele()
    remplir(190)
    assert travaux.reapprendre_le_modele().startswith("modèle du")
    corps = api.get(f"{BASE}/prediction-model").json()
    assert corps["test_logloss_constant"] == pytest.approx(0.325083, abs=1e-6)
    assert corps["beats_constant"] is (corps["test_logloss_model"] < corps["test_logloss_constant"])
    assert client_staff.get(reverse("admin:euromillions_modeleappris_changelist")).status_code == 200
    assert "Log-loss" in client_connecte.get(reverse("euromillions:heuristiques")).content.decode()


def test_seuls_les_derniers_modeles_sont_gardes(db, monkeypatch):
    remplir(190)
    monkeypatch.setattr(heuristiques, "MODELES_GARDES", 2)
    for _ in range(3):
        heuristiques.reapprendre()
    assert ModeleAppris.objects.count() == 2


@pytest.fixture
def deux_tirages(db):
    un_tirage(date(2010, 1, 1), (1, 2, 3, 4, 5), (1, 2)).save()
    recent = un_tirage(date(2024, 1, 2), (7, 13, 25, 38, 50), (2, 11))
    recent.save()
    GainRang.objects.bulk_create(
        GainRang(tirage=recent, rang=rang, gain=Decimal("10.50")) for rang in range(1, 14)
    )
    return recent


@pytest.mark.rapide
def test_le_verificateur_dit_les_gains_la_mise_et_le_retour(api, deux_tirages):
    lu = api.get(f"{BASE}/check-grid?{GRILLE}").json()
    assert lu["draws_checked"] == 1  # l'étoile 11 n'était pas dans l'urne en 2010
    assert lu["wins"] == [{"date": "2024-01-02", "match": "4+2", "rank": 4, "prize": 10.5}]
    assert (lu["cost"], lu["known_winnings"], lu["return_rate"]) == (2.5, 10.5, 4.2)
    jamais = api.get(f"{BASE}/check-grid?numbers=40,41,42,43,44&stars=4,5").json()
    assert (jamais["ever_won"], jamais["draws_checked"], jamais["cost"]) == (False, 2, 4.5)
    depuis = api.get(f"{BASE}/check-grid?{GRILLE}&since=2024-01-03").json()
    assert (depuis["draws_checked"], depuis["return_rate"]) == (0, None)


def test_un_gain_non_publie_reste_inconnu(api, deux_tirages):
    lu = api.get(f"{BASE}/check-grid?numbers=1,2,3,4,5&stars=1,2").json()
    assert lu["wins"][-1] == {"date": "2010-01-01", "match": "5+2", "rank": 1, "prize": None}
    assert lu["unknown_prizes"] == 1
    assert (lu["cost"], lu["cost_of_known_draws"], lu["known_winnings"]) == (4.5, 2.5, 0)


def test_la_page_dit_non_publie_plutot_que_zero(client_connecte, deux_tirages):
    adresse = reverse("euromillions:verificateur")
    demande = {"grille": "1 2 3 4 5 / 1 2"}
    connus = texte(client_connecte.get(adresse, demande))
    assert "0,00" in connus
    assert "non publié" in connus
    GainRang.objects.all().delete()
    inconnus = texte(client_connecte.get(adresse, demande))
    assert "non publiés" in inconnus
    assert "0,00" not in inconnus


@pytest.mark.rapide
@pytest.mark.parametrize("nom", ["heuristiques", "noter", "verificateur"])
def test_les_pages_s_affichent_sans_ecrire_et_disent_le_hasard(
    client_connecte, petite_histoire, lecture_seule, nom
):
    parametres = {"grilles": "7 13 25 38 42 / 2 11\n1 2 3 4 5", "grille": "7 13 25 38 42 / 2 11"}
    with lecture_seule():
        for donnees in ({}, parametres):
            page = client_connecte.get(reverse(f"euromillions:{nom}"), donnees)
            assert page.status_code == 200
            assert "Le hasard décide." in page.content.decode()


@pytest.mark.parametrize(
    ("nom", "donnees", "phrase"),
    [
        ("noter", {"grilles": "1 2 3 4 4"}, "Ligne 1"),
        ("noter", {"grilles": "1 2 3 4 5\n" * 51}, "50 grilles"),
        ("verificateur", {"grille": "1 2 3 4 5"}, "Il faut 2 étoiles"),
        ("verificateur", {"grille": "1 2 3 4 5 / 1 2", "depuis": "hier"}, "AAAA-MM-JJ"),
    ],
)
def test_une_saisie_fautive_est_expliquee_sur_la_page(client_connecte, petite_histoire, nom, donnees, phrase):
    page = client_connecte.get(reverse(f"euromillions:{nom}"), donnees)
    assert page.status_code == 400
    assert phrase in page.content.decode()


def test_sans_tirage_les_pages_s_affichent(client_connecte, db):
    for nom in ("heuristiques", "noter", "verificateur"):
        assert client_connecte.get(reverse(f"euromillions:{nom}")).status_code == 200
    assert client_connecte.get(reverse("euromillions:noter"), {"grilles": "1 2 3 4 5"}).status_code == 400
