"""Les gains publiés : un petit fichier écrit ici et compté à la main, puis le vrai quand il est là."""

import json
import statistics
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from euromillions.imports.lignes import GainLu, LigneLue
from euromillions.models import Tirage
from euromillions.tests.outils.imports import ecrire
from euromillions.tests.outils.references import verifier

pytestmark = pytest.mark.django_db
BASE = "/api/euromillions"
FICHIER_REEL = "donnees/euromillions/fdj/euromillions_202002.csv"
# (jour, numéros, gagnants et gain du rang 2, gain des rangs 10 et 13) ; un gagnant par rang ailleurs.
PUBLIES = [
    (date(2024, 1, 2), (3, 7, 12, 20, 28), (2, 100_000), ("7.50", "3.00")),
    (date(2024, 1, 5), (1, 9, 33, 41, 50), (0, 0), ("11.00", "4.50")),
    (date(2024, 1, 9), (5, 14, 22, 30, 31), (1, 40_000), ("8.10", "3.40")),
    (date(2024, 1, 12), (32, 36, 40, 44, 48), (4, 25_000), ("13.40", "5.00")),
]


def un_tirage_publie(jour, numeros, rang2, petits):
    gagnants, gain = rang2
    gains = {rang: GainLu(rang, 0, 1, Decimal(20 - rang)) for rang in range(1, 14)}
    gains[2] = GainLu(2, 0, gagnants, Decimal(gain))
    gains[10], gains[13] = (GainLu(r, 0, 1, Decimal(g)) for r, g in zip((10, 13), petits, strict=True))
    return LigneLue(
        numero_ligne=0,
        date=jour,
        numeros=numeros,
        etoiles=(2, 11),
        ordre_physique=(*numeros, 2, 11),
        gains=tuple(gains.values()),
    )


@pytest.fixture
def gains_publies(tmp_path):
    chemin = tmp_path / "gains.csv"
    chemin.write_bytes(ecrire([un_tirage_publie(*publie) for publie in PUBLIES], "fdj-2020"))
    call_command("importer_tirages", str(chemin), "--appliquer")
    assert Tirage.objects.count() == len(PUBLIES)


def test_les_gains_d_un_rang_se_comptent_par_gagnant(api, gains_publies):
    (ere,) = api.get(f"{BASE}/payouts").json()["eras"]
    assert (ere["draws"], ere["start"], ere["end"]) == (4, "2024-01-02", "2024-01-12")
    deuxieme = ere["ranks"][1]
    assert deuxieme["winners"] == 7
    assert (deuxieme["draws_with_winner"], deuxieme["draws"]) == (3, 4)
    assert deuxieme["mean_prize_per_winner"] == pytest.approx((2 * 100_000 + 40_000 + 4 * 25_000) / 7)
    assert deuxieme["median_prize"] == 40_000
    assert (deuxieme["min_prize"], deuxieme["max_prize"]) == (25_000, 100_000)
    retours = [rang["probability"] * rang["mean_prize_per_winner"] for rang in ere["ranks"]]
    assert ere["expected_return_per_grid"] == pytest.approx(sum(retours))
    assert ere["expected_return_without_rank1"] == pytest.approx(sum(retours[1:]))


@pytest.mark.parametrize(("accord", "place"), [("3+0", 0), ("2+0", 1)])
def test_un_tirage_de_petits_numeros_paie_moins(api, gains_publies, accord, place):
    lignes = api.get(f"{BASE}/popularity").json()["by_rank"][accord]
    attendus: dict[int, list[float]] = {}
    for _, numeros, _, petits in PUBLIES:
        attendus.setdefault(sum(n <= 31 for n in numeros), []).append(float(petits[place]))
    assert {ligne["numbers_le_31"]: ligne["draws"] for ligne in lignes} == {0: 1, 2: 1, 5: 2}
    tous = [gain for gains in attendus.values() for gain in gains]
    for ligne in lignes:
        moyenne = statistics.fmean(attendus[ligne["numbers_le_31"]])
        assert ligne["mean_prize"] == pytest.approx(moyenne)
        assert ligne["relative_to_mean"] == pytest.approx(moyenne / statistics.fmean(tous))
    moyennes = [ligne["mean_prize"] for ligne in lignes]
    assert moyennes == sorted(moyennes, reverse=True)


def test_une_grille_de_dates_promet_une_moindre_part(api, gains_publies):
    basse, haute = (api.get(f"{BASE}/score-grid?numbers={n}").json() for n in ("1,2,3,4,5", "32,37,41,44,50"))
    assert basse["popularity"] > haute["popularity"]
    assert basse["expected_share"]["relative_prize"] < 1 < haute["expected_share"]["relative_prize"]


# --- vrai fichier ------------------------------------------------------------------------------------
@pytest.fixture
def mesures_reelles(dossier_partage):
    """Le fichier de l'opérateur, importé ; rend les mesures faites à part sur ce même fichier."""
    call_command("importer_tirages", str(dossier_partage / FICHIER_REEL), "--appliquer")
    return json.loads((dossier_partage / "oracles/euromillions/payouts_2020_2026.json").read_text())


def test_les_gains_mesures_sont_ceux_de_reference(api, mesures_reelles):
    (ere,) = api.get(f"{BASE}/payouts?date_from=2020-02-04&date_to=2026-05-19").json()["eras"]
    assert ere["draws"] == mesures_reelles["draws"]
    assert [ere["start"], ere["end"]] == mesures_reelles["range"]
    for rang, reference in zip(ere["ranks"], mesures_reelles["ranks"], strict=True):
        verifier(rang | {"winners_europe": rang["winners"]}, reference, f"rang {rang['rank']}")
    # L'imprimé additionne des gains moyens déjà arrondis au centime ; les nôtres ne le sont pas.
    retours = [rang["probability"] * round(rang["mean_prize_per_winner"], 2) for rang in ere["ranks"]]
    verifier(sum(retours), mesures_reelles["expected_return_per_grid_all_ranks"])
    verifier(sum(retours[1:]), mesures_reelles["expected_return_per_grid_without_rank1"])
    assert ere["expected_return_per_grid"] == pytest.approx(sum(retours), abs=5e-4)
    assert ere["expected_return_without_rank1"] == pytest.approx(sum(retours[1:]), abs=5e-4)


def test_l_effet_des_petits_numeros_est_celui_de_reference(api, mesures_reelles):
    Tirage.objects.filter(date__gt=date(2026, 5, 19)).delete()
    par_rang = api.get(f"{BASE}/popularity").json()["by_rank"]
    for ligne10, ligne13 in zip(par_rang["3+0"], par_rang["2+0"], strict=True):
        reference = mesures_reelles["popularity"]["by_count_of_numbers_le_31"]
        attendu = reference[str(ligne10["numbers_le_31"])]
        assert ligne10["draws"] == attendu["draws"]
        assert round(ligne10["mean_prize"], 2) == pytest.approx(attendu["mean_rank10_prize"], abs=0.011)
        assert round(ligne13["mean_prize"], 2) == pytest.approx(attendu["mean_rank13_prize"], abs=0.011)
