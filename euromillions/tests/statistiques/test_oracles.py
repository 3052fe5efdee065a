"""Les chiffres rendus par l'API sont ceux, calculés à part, de `donnees/references.json`."""

import pytest

from euromillions.models import Ere
from euromillions.tests.outils.references import en_api, par, verifier
from simulateur.tests.outils.compact import lignes

pytestmark = pytest.mark.django_db
BASE = "/api/euromillions"


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


def test_les_statistiques_rapides_sont_celles_de_reference(lire, references):
    for attendu in references["resumes"]:
        obtenu = lire(f"quick-stats?{attendu['requete']}")
        assert obtenu["total_draws"] == attendu["tirages"], attendu["requete"]
        assert obtenu["numbers"] == en_api(attendu["numeros"]), attendu["requete"]
        assert obtenu["stars"] == en_api(attendu["etoiles"]), attendu["requete"]


def test_les_frequences_et_leurs_ecarts_reduits_sont_ceux_de_reference(lire, references):
    attendu, obtenu = references["sorties"], lire("stats")
    sorties = obtenu["frequencies"]
    assert obtenu["total_draws"] == attendu["tirages"]
    assert obtenu["date_range"] == {"start": attendu["du"], "end": attendu["au"]}
    assert [boule["count"] for boule in sorties["stars"]] == attendu["etoiles"]
    assert sorties["numbers_extremes"]["top"] == attendu["numeros_en_tete"]
    assert sorties["numbers_extremes"]["bottom"] == attendu["numeros_en_queue"]
    tete = sorted(enumerate(attendu["etoiles"], 1), key=lambda paire: (-paire[1], paire[0]))[:5]
    assert [list(paire) for paire in tete] == attendu["etoiles_en_tete"]
    for boule, reference in zip(sorties["numbers"], lignes(attendu["numeros"]), strict=True):
        assert (boule["numero"], boule["count"]) == (reference["numero"], reference["sorties"])
        verifier(boule["z"], reference["ecart_reduit"])
        verifier(boule["sd"], attendu["ecart_type"])
    par_ere = attendu["etoiles_par_ere"].items()
    for reserve, (code, ere) in zip(sorties["stars_by_pool"], par_ere, strict=True):
        assert reserve["draws"] == ere["tirages"], code
        assert reserve["counts"] == ere["sorties"], code


def test_les_ecarts_sont_ceux_de_reference(lire, references):
    attendu, obtenu = references["ecarts"], lire("gap-analysis")
    courante = lire("gap-analysis?era=12-etoiles")
    assert obtenu["as_of"] == attendu["au"]
    for boules, table in (
        (obtenu["numbers"], attendu["numeros"]),
        (obtenu["stars"], attendu["etoiles"]),
        (courante["stars"], attendu["etoiles_de_l_ere_courante"]),
    ):
        verifier(par_valeur(boules), en_api(par("numero", table)))
    assert obtenu["top10_overdue"] == attendu["plus_en_retard"]
    assert obtenu["max_gap_ever"] == attendu["plus_long_ecart"]
    taux = {str(un["gap"]): un for un in obtenu["hit_rate_by_current_gap"]}
    verifier(taux, en_api(par("ecart", attendu["taux_par_ecart"])))
    verifier(obtenu["overdue_ge20_draws"], en_api(attendu["retard_de_vingt"]))


def test_les_combinaisons_sont_celles_de_reference(lire, references):
    attendu, obtenu = references["combinaisons"], lire("combination-analysis")
    assert en_listes(obtenu["bottom_pairs"]) == attendu["paires_en_queue"]
    assert en_listes(obtenu["star_pairs_all"]) == attendu["etoiles_en_tete"]
    derniere = obtenu["star_pairs_by_pool"][-1]
    assert en_listes(derniere["top"]) == attendu["etoiles_en_tete_de_l_ere_courante"]
    verifier(derniere["expected"], attendu["attendu_des_etoiles"])
    assert obtenu["never_seen_pairs"] == attendu["paires_jamais_sorties"]
    assert obtenu["triples"]["tied_at_10th"] == attendu["triplets_a_egalite_au_dixieme"]
    histogramme = {str(fois): nombre for fois, nombre in obtenu["triples"]["count_histogram"]}
    assert histogramme == attendu["triplets_par_nombre_de_sorties"]
    repetes = [[un["numbers"], un["dates"]] for un in obtenu["repeated_draws"]]
    assert repetes == attendu["tirages_repetes"]
    for nom, taille in (("pairs", "2"), ("triples", "3"), ("quads", "4")):
        lu, reference = obtenu[nom], attendu["par_taille"][taille]
        assert en_listes(lu["top"])[: len(reference["tete"])] == reference["tete"]
        assert (lu["distinct"], lu["above_threshold"]) == (reference["distinctes"], reference["au_dessus"])
        verifier(lu["expected"], reference["attendu"])
        verifier(lu["threshold_mean"], reference["moyenne"])
        verifier(lu["threshold_sd"], reference["ecart_type"])


def test_les_repartitions_sont_celles_de_reference(lire, references):
    attendu, obtenu = references["repartitions"], lire("stats")["distributions"]
    for nom, francais in (
        *(("sum", "somme"), ("odd", "impairs"), ("low", "bas"), ("consecutive", "consecutifs")),
        *(("range", "etendue"), ("p_at_least_one_consecutive", "au_moins_un_consecutif")),
    ):
        verifier(obtenu[nom], en_api(attendu[francais]), nom)
    assert obtenu["decades"] == attendu["dizaines"]
    assert obtenu["star_sums"] == en_api(attendu["sommes_d_etoiles"])
    assert obtenu["weekday"] == en_api(attendu["jours"])
    assert obtenu["per_year"] == attendu["par_annee"]


def test_l_uniformite_est_celle_de_reference_pour_chaque_ere_et_chaque_annee(lire, references):
    tout = lire("stats")["uniformity"]
    for reference in lignes(references["uniformite"]):
        urne, periode = reference.pop("urne"), reference.pop("periode")
        reserve = periode.partition("-")[0] if "-" in periode else "12"
        if periode == "tout":
            verifier(tout["numbers"], en_api(reference))
            continue
        filtre = "year" if periode.isdigit() else "era"
        seule = lire(f"stats?{filtre}={periode}")["uniformity"]
        if urne == "numeros":
            verifier(seule["numbers"], en_api(reference), periode)
        else:
            verifier(seule["stars_by_pool"][reserve], en_api(reference), periode)
        if filtre == "era":
            dans_le_tout = tout["numbers_by_pool" if urne == "numeros" else "stars_by_pool"]
            verifier(dans_le_tout[reserve], en_api(reference), periode)


def test_les_chances_de_chaque_rang_sont_celles_de_reference(api, references):
    eres = {ere["code"]: ere for ere in api.get(f"{BASE}/eras").json()["eras"]}
    assert eres.keys() == references["rangs"]["eres"].keys()
    assert len(eres) == Ere.objects.count()
    for code, attendu in references["rangs"]["eres"].items():
        verifier(eres[code]["odds"], en_api(attendu), code)
        somme = eres[code]["odds"]["any_prize"]["probability"] + sum(
            eres[code]["odds"]["non_winning"].values()
        )
        assert somme == pytest.approx(1, abs=1e-12)
    hasard = eres["12-etoiles"]["expected"]
    verifier(
        hasard | {"stars_matched_12": hasard["stars_matched"]}, en_api(references["rangs"]["esperances"])
    )
