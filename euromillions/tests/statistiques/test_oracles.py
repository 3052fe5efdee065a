"""Les chiffres rendus par l'API sont ceux, calculés à part, du dossier partagé."""

import math
from decimal import Decimal

import pytest
from django.core.management import call_command

from euromillions.models import Ere

pytestmark = pytest.mark.django_db
BASE = "/api/euromillions"
ERES = {"2004-02-13..2011-05-06": "9-etoiles", "2011-05-10..2016-09-23": "11-etoiles"}
ERE_COURANTE = "2016-09-27..2026-08-21"


def verifier(obtenu, attendu, chemin=""):
    """Entiers et textes égaux, réels à 1e-9 près ou égaux une fois arrondis comme l'imprimé."""
    if isinstance(attendu, dict):
        for cle, valeur in attendu.items():
            verifier(obtenu[cle], valeur, f"{chemin}/{cle}")
    elif isinstance(attendu, list):
        assert len(obtenu) == len(attendu), chemin
        for rang, (un, autre) in enumerate(zip(obtenu, attendu, strict=True)):
            verifier(un, autre, f"{chemin}/{rang}")
    elif isinstance(attendu, float):
        decimales = -int(Decimal(repr(attendu)).as_tuple().exponent)
        proche = math.isclose(obtenu, attendu, rel_tol=1e-9)
        assert proche or round(obtenu, decimales) == attendu, (chemin, obtenu, attendu)
    else:
        assert obtenu == attendu, chemin


def par_valeur(boules):
    return {str(boule["numero"]): boule for boule in boules}


def en_listes(combinaisons):
    return [[une["numbers"], une["count"]] for une in combinaisons]


@pytest.fixture
def lire(api, histoire_reelle):
    def appeler(chemin):
        reponse = api.get(f"{BASE}/{chemin}")
        assert reponse.status_code == 200, reponse.content
        return reponse.json()

    return appeler


def test_les_statistiques_rapides_sont_celles_de_reference(lire, oracle):
    for requete, attendu in oracle("quick_stats").items():
        obtenu = lire(f"quick-stats?{requete}")
        assert {cle: obtenu[cle] for cle in attendu} == attendu, requete


def test_les_frequences_et_leurs_ecarts_reduits_sont_ceux_de_reference(lire, oracle):
    attendu, ecarts_reduits = oracle("frequencies"), oracle("uniformity")["numbers_z"]
    obtenu = lire("stats")
    sorties = obtenu["frequencies"]
    assert obtenu["total_draws"] == attendu["total_draws"]
    assert obtenu["date_range"] == attendu["date_range"]
    assert {n: b["count"] for n, b in par_valeur(sorties["numbers"]).items()} == attendu["numbers"]
    assert {n: b["count"] for n, b in par_valeur(sorties["stars"]).items()} == attendu["stars"]
    assert sorties["numbers_extremes"]["top"] == attendu["top10_numbers"]
    assert sorties["numbers_extremes"]["bottom"] == attendu["bottom10_numbers"]
    comptes = attendu["stars"].items()
    tete = sorted(comptes, key=lambda paire: (-paire[1], int(paire[0])))[:5]
    assert [[int(e), n] for e, n in tete] == attendu["top5_stars"]
    for numero, boule in par_valeur(sorties["numbers"]).items():
        verifier(boule["z"], ecarts_reduits["z"][numero])
        verifier(boule["sd"], ecarts_reduits["sd"])
    for reserve, (nom, ere) in zip(sorties["stars_by_pool"], attendu["stars_by_era"].items(), strict=True):
        assert reserve["draws"] == ere["draws"], nom
        assert reserve["counts"] == list(ere["counts"].values()), nom


def test_les_ecarts_sont_ceux_de_reference(lire, oracle):
    attendu, obtenu = oracle("gaps"), lire("gap-analysis")
    assert obtenu["as_of"] == attendu["as_of"]
    verifier(par_valeur(obtenu["numbers"]), attendu["numbers"])
    verifier(par_valeur(obtenu["stars"]), attendu["stars_all_history"])
    verifier(par_valeur(lire("gap-analysis?era=12-etoiles")["stars"]), attendu["stars_since_2016_09_27"])
    assert obtenu["top10_overdue"] == attendu["top10_overdue"]
    assert obtenu["max_gap_ever"] == attendu["max_gap_ever"]
    taux = {str(un["gap"]): un | {"z_vs_0_1": un["z"]} for un in obtenu["hit_rate_by_current_gap"]}
    verifier(taux, attendu["hit_rate_by_current_gap"])
    retard = attendu["overdue_ge20_draws"] | {"expected": 0.1}
    verifier(obtenu["overdue_ge20_draws"] | {"expected": 0.1}, retard)


def test_les_combinaisons_sont_celles_de_reference(lire, oracle):
    attendu, obtenu = oracle("combinations"), lire("combination-analysis")
    assert en_listes(obtenu["pairs"]["top"]) == attendu["top20_pairs"]
    assert en_listes(obtenu["bottom_pairs"]) == attendu["bottom10_pairs"]
    assert en_listes(obtenu["triples"]["top"])[:10] == attendu["top10_triples"]
    assert en_listes(obtenu["quads"]["top"])[:10] == attendu["top10_quads"]
    assert en_listes(obtenu["star_pairs_all"]) == attendu["top10_star_pairs_all"]
    derniere = obtenu["star_pairs_by_pool"][-1]
    assert en_listes(derniere["top"]) == attendu["top10_star_pairs_since_2016_09_27"]
    verifier(derniere["expected"], attendu["expected_star_pair_since_2016"])
    assert obtenu["never_seen_pairs"] == attendu["never_seen_pairs"]
    assert obtenu["triples"]["tied_at_10th"] == attendu["n_triples_tied_at_10th"]
    histogramme = {str(fois): nombre for fois, nombre in obtenu["triples"]["count_histogram"]}
    assert histogramme == attendu["triple_count_histogram"]
    repetes = [[un["numbers"], un["dates"]] for un in obtenu["repeated_draws"]]
    assert repetes == attendu["repeated_five_number_draws"]
    for nom, anglais, taille in (("pairs", "pair", "2"), ("triples", "triple", "3"), ("quads", "quad", "4")):
        verifier(obtenu[nom]["expected"], attendu[f"expected_{anglais}"])
        assert obtenu[nom]["distinct"] == attendu[f"n_distinct_{anglais}s"]
        seuil = attendu["orig_frequent_threshold_mean_plus_1sd"][taille]
        verifier(obtenu[nom]["threshold_mean"], seuil["mean"])
        verifier(obtenu[nom]["threshold_sd"], seuil["sd_pop"])
        assert obtenu[nom]["above_threshold"] == seuil["n_above"]


def test_les_repartitions_sont_celles_de_reference(lire, oracle):
    attendu, obtenu = oracle("distributions"), lire("stats")["distributions"]
    verifier(obtenu["sum"], attendu["sum"])
    for nom in ("odd", "low"):
        verifier(obtenu[nom], {cle: attendu[nom][cle] for cle in ("counts", "probs", "test")})
    verifier(obtenu["consecutive"], {cle: attendu["consecutive"][cle] for cle in ("counts", "probs")})
    verifier(obtenu["p_at_least_one_consecutive"], attendu["consecutive"]["p_at_least_one"])
    assert obtenu["decades"] == attendu["decades_top10"]
    assert obtenu["star_sums"] == attendu["star_sum_buckets_orig"]
    verifier(obtenu["range"], attendu["range_max_minus_min"])
    assert obtenu["weekday"] == attendu["weekday"]
    assert obtenu["per_year"] == attendu["per_year"]


def test_l_uniformite_est_celle_de_reference_pour_chaque_ere_et_chaque_annee(lire, oracle):
    attendu, obtenu = oracle("uniformity"), lire("stats")["uniformity"]
    verifier(obtenu["numbers"], attendu["numbers_all"])
    for periode, code in (ERES | {ERE_COURANTE: "12-etoiles"}).items():
        reserve = code.partition("-")[0]
        verifier(obtenu["numbers_by_pool"][reserve], attendu[f"numbers_{periode}"])
        verifier(obtenu["stars_by_pool"][reserve], attendu[f"stars_1-{reserve}_{periode}"])
        verifier(lire(f"stats?era={code}")["uniformity"]["numbers"], attendu[f"numbers_{periode}"])
    for annee in (2022, 2023, 2024, 2025):
        de_l_annee = lire(f"stats?year={annee}")["uniformity"]
        verifier(de_l_annee["numbers"], attendu[f"numbers_{annee}"])
        verifier(de_l_annee["stars_by_pool"]["12"], attendu[f"stars_{annee}"])


def test_les_chances_de_chaque_rang_sont_celles_de_reference(api, oracle):
    attendu = oracle("prize_ranks")
    eres = {ere["code"]: ere for ere in api.get(f"{BASE}/eras").json()["eras"]}
    assert len(eres) == Ere.objects.count()
    for periode, code in (ERES | {"current (from 2016-09-27)": "12-etoiles"}).items():
        reference = {cle: v for cle, v in attendu[periode].items() if cle != "all_18_cells_sum"}
        verifier(eres[code]["odds"], reference, code)
        somme = eres[code]["odds"]["any_prize"]["probability"] + sum(
            eres[code]["odds"]["non_winning"].values()
        )
        assert somme == pytest.approx(1, abs=1e-12)
    hasard = eres["12-etoiles"]["expected"] | {
        "stars_matched_12": eres["12-etoiles"]["expected"]["stars_matched"]
    }
    connus = ("numbers_matched", "stars_matched_12", "numbers_var", "stars_var", "p_numbers", "p_stars")
    verifier(hasard, {cle: attendu["expected"][cle] for cle in connus})


def test_les_gains_mesures_sont_ceux_de_reference(api, dossier_partage, oracle, capsys):
    attendu = oracle("payouts_2020_2026")
    fichier = dossier_partage / "donnees/euromillions/fdj/euromillions_202002.csv"
    call_command("importer_tirages", str(fichier), "--appliquer")
    (ere,) = api.get(f"{BASE}/payouts?date_from=2020-02-04&date_to=2026-05-19").json()["eras"]
    assert ere["draws"] == attendu["draws"]
    assert [ere["start"], ere["end"]] == attendu["range"]
    for rang, reference in zip(ere["ranks"], attendu["ranks"], strict=True):
        verifier(rang | {"winners_europe": rang["winners"]}, reference, f"rang {rang['rank']}")
    # L'imprimé additionne des gains moyens déjà arrondis au centime ; les nôtres ne le sont pas.
    retours = [rang["probability"] * round(rang["mean_prize_per_winner"], 2) for rang in ere["ranks"]]
    verifier(sum(retours), attendu["expected_return_per_grid_all_ranks"])
    verifier(sum(retours[1:]), attendu["expected_return_per_grid_without_rank1"])
    assert ere["expected_return_per_grid"] == pytest.approx(sum(retours), abs=5e-4)
    assert ere["expected_return_without_rank1"] == pytest.approx(sum(retours[1:]), abs=5e-4)
