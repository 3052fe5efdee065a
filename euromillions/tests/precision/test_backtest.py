"""Le backtest : il redonne les chiffres de référence, ne lit jamais l'avenir, et se garde."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from django.urls import reverse

from euromillions.generation.marche_avant import REFERENCES
from euromillions.models import Backtest, Tirage
from euromillions.precision import backtest as calcul
from euromillions.tests.outils.fabriques import petite_histoire
from simulateur.models import Etat
from simulateur.tests.outils.compact import lignes
from simulateur.travaux.machine import Annulation, executer

pytestmark = pytest.mark.django_db
CHEMIN = "/api/euromillions/backtest"


def rejouer(api, **parametres):
    lancement = api.post(CHEMIN, parametres, format="json")
    assert lancement.status_code == 202, lancement.json()
    executer("euromillions.Backtest", lancement.json()["task_id"])
    return api.get(lancement.json()["check_status_url"]).json()


def test_les_grilles_de_reference_redonnent_les_chiffres_de_reference(api, histoire_reelle, references):
    attendu = references["rejeu"]
    suivi = rejouer(api, since="2016-09-27", grids_per_draw=2)
    assert suivi["state"] == "SUCCESS", suivi
    for reference in lignes(attendu["references"]):
        ligne = suivi["result"]["references"][reference["nom"]]
        assert ligne["draws"] == ligne["grids"] == reference["tirages"]
        assert ligne["distribution"] == reference["accords"]
        assert round(ligne["numbers"]["mean"], 5) == reference["numeros_moyens"]
        assert round(ligne["stars"]["mean"], 5) == reference["etoiles_moyennes"]
        assert round(ligne["numbers"]["z"], 4) == reference["z_numeros"]
        assert round(ligne["stars"]["z"], 4) == reference["z_etoiles"]
        assert round(ligne["naive"]["rate_pct"], 2) == reference["taux_naif"]
        assert round(ligne["naive"]["expected_pct"], 2) == attendu["taux_naif_du_hasard"]
        assert ligne["differs_from_chance"] is False
    assert suivi["result"]["references"].keys() == set(REFERENCES)


@pytest.mark.complet
def test_toutes_les_strategies_sur_l_histoire_reelle_ne_different_pas_du_hasard(
    api, client_connecte, histoire_reelle, lecture_seule
):
    """Le témoin au hasard contient la mesure naïve exacte dans son intervalle."""
    resultat = rejouer(api, grids_per_draw=20)["result"]
    assert list(resultat["strategies"]) == [
        "frequency_based", "gap_based", "combination_based", "random", "control",
    ]  # fmt: skip
    for nom, ligne in resultat["strategies"].items():
        assert ligne["differs_from_chance"] is False, nom
        assert ligne["grids"] == 20 * resultat["draws"]
    temoin = rejouer(api, since="2016-09-27", grids_per_draw=20)["result"]["strategies"]["control"]["naive"]
    assert temoin["ci_low_pct"] < 32.144037 < temoin["ci_high_pct"]
    assert temoin["expected_pct"] == pytest.approx(32.144037, abs=1e-6)
    with lecture_seule():
        page = client_connecte.get(Backtest.objects.last().get_absolute_url()).content.decode()
    assert "Témoin au hasard" in page
    assert page.count("différent du hasard : non") == 9


def test_la_meme_graine_redonne_le_meme_backtest(api, db):
    petite_histoire(160)
    un, autre, different = (rejouer(api, grids_per_draw=3, seed=graine)["result"] for graine in (5, 5, 6))
    assert un["strategies"] == autre["strategies"] != different["strategies"]
    assert un["draws"] == 60


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("since", "hier"), ("since", "2024-02-31"), ("grids_per_draw", 0), ("grids_per_draw", 101),
        ("grids_per_draw", "x"), ("seed", -1), ("seed", 2**63), ("seed", "x"),
    ],
)  # fmt: skip
def test_une_mauvaise_demande_est_refusee_en_nommant_le_champ(api, petite_histoire, champ, valeur):
    reponse = api.post(CHEMIN, {champ: valeur}, format="json")
    assert reponse.status_code == 400
    assert list(reponse.json()["champs"]) == [champ]
    assert not Backtest.objects.exists()


def test_trop_peu_de_tirages_ou_un_debut_a_venir_sont_refuses(api, client_connecte, petite_histoire):
    assert "plus de 100 tirages" in api.post(CHEMIN, {}, format="json").json()["detail"]
    page = client_connecte.post(reverse("euromillions:backtests"), {})
    assert page.status_code == 400
    Tirage.objects.all().delete()
    petite_histoire_longue()
    assert "Aucun tirage à rejouer" in rejouer(api, since="2035-01-01")["error"]


def petite_histoire_longue():
    return petite_histoire(130)


def test_la_page_lance_et_suit_et_l_annulation_est_a_qui_a_demande(client_connecte, client_staff, db):
    petite_histoire(130)
    reponse = client_staff.post(reverse("euromillions:backtests"), {"grids_per_draw": "2"})
    assert client_connecte.get(reponse.url).status_code == 200
    assert client_connecte.post(f"{reponse.url}/annuler").status_code == 403
    assert client_staff.post(f"{reponse.url}/annuler").status_code == 302
    assert Backtest.objects.get().etat == Etat.ANNULEE
    assert client_connecte.get(f"{reponse.url}/suivi")["HX-Refresh"] == "true"
    assert client_staff.get(reverse("admin:euromillions_backtest_changelist")).status_code == 200
    assert client_connecte.get(reverse("euromillions:backtests")).status_code == 200


class PriseQuOnAnnule:
    """Note chaque avancée ; l'annulation est demandée dès le premier tirage noté."""

    def __init__(self):
        self.avancees = []

    def avancer(self, fait, total, message=""):
        self.avancees.append((fait, total))
        if "notés" in message:
            raise Annulation


def test_une_annulation_arrete_aussi_le_calcul_du_score(db, monkeypatch):
    petite_histoire(160)
    noter, notes = calcul.scorer, []
    monkeypatch.setattr(calcul, "scorer", lambda *args: notes.append(1) or noter(*args))
    prise = PriseQuOnAnnule()
    with pytest.raises(Annulation):
        calcul.derouler(Backtest(par_tirage=2, graine=1), prise)
    assert len(notes) == 1
    # 60 tirages, cinq séries, puis le score : la progression ne revient jamais en arrière.
    assert prise.avancees[-1] == (301, 360)
    assert prise.avancees == sorted(prise.avancees, key=lambda avancee: avancee[0])


def test_les_gains_publies_font_le_retour(db, api):
    from euromillions.models import GainRang

    jours = petite_histoire(102)
    tirage = Tirage.objects.get(date=jours[-1])
    GainRang.objects.bulk_create(GainRang(tirage=tirage, rang=rang, gain=4) for rang in range(1, 14))
    ligne = rejouer(api, grids_per_draw=100)["result"]["strategies"]["random"]
    assert ligne["priced_grids"] == 100
    assert ligne["cost"] == 250
    assert ligne["winnings"] % 4 == 0
    assert np.isclose(ligne["return_rate"], ligne["winnings"] / 250)
    assert jours[-1] > date(2017, 1, 1)


@pytest.mark.parametrize("champ", ["since", "grids_per_draw", "seed"])
@pytest.mark.parametrize("brut", [12345, -1.5, True, [], {}, "demain"])
def test_une_valeur_d_une_autre_sorte_est_refusee_sans_panne(api: Any, champ: str, brut: Any) -> None:
    if champ == "seed" and brut == 12345:
        return
    refus = api.post("/api/euromillions/backtest", {champ: brut})
    assert refus.status_code == 400
    assert champ in refus.json()["champs"]
