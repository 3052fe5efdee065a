"""Refait `donnees/tirages_reels.csv` et `donnees/references.json` depuis le dossier partagé.

    DOSSIER_PARTAGE=… .venv/bin/python -m euromillions.tests.extraire_references

N'y entrent que des faits (dates, boules, origine) et les chiffres que les tests comparent, dans nos mots.
"""

import csv
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from euromillions.tests.outils.references import EN_API, REFERENCES, TIRAGES
from simulateur.tests.outils.compact import en_texte

BOULES = ("n1", "n2", "n3", "n4", "n5", "e1", "e2")
ERES = {
    "9-etoiles": "2004-02-13..2011-05-06",
    "11-etoiles": "2011-05-10..2016-09-23",
    "12-etoiles": "2016-09-27..2026-08-21",
}
ANNEES = ("2022", "2023", "2024", "2025")
RESUME = ("numero", "sorties", "pourcentage", "derniere_sortie")
ECARTS = (
    *("apparitions", "ecart_actuel", "ecart_moyen", "ecart_maximal", "ecart_minimal"),
    *("jours_moyens", "jours_maximaux", "premiere", "derniere"),
)
UNIFORMITE = (
    *("tirages", "boules_tirees", "boules_dans_l_urne", "attendu_par_boule", "degres"),
    *("khi2_brut", "p_brut", "correction", "khi2_corrige", "p_corrige"),
)
SOMME = (
    *("moyenne", "ecart_type_population", "ecart_type_echantillon", "minimum", "maximum", "mediane"),
    *("moyenne_theorique", "ecart_type_theorique", "z_de_la_moyenne"),
    *("classes", "probabilites_des_classes", "epreuve", "par_dizaine"),
)
EPREUVE = ("khi2", "degres", "p")
RANGS = ("rang", "accord", "facons", "probabilite", "une_chance_sur")
GAIN = ("probabilite", "une_chance_sur", "fraction")
ESPERANCES = (
    *("numeros_trouves", "etoiles_trouvees", "variance_numeros", "variance_etoiles"),
    *("probabilites_numeros", "probabilites_etoiles"),
)
ECARTS_D_ORIGINE = (
    *("sorties_totales", "jours_moyens_arrondis", "jours_depuis", "jours_maximum", "jours_minimum"),
    *("facteur_de_retard", "score_predit", "ecart_type"),
)
SCORES = (
    *("score_ecarts", "score_combinaisons", "score_frequences"),
    *("score_repartition", "score_motifs", "score_equilibre"),
)
TETES_DE_REJEU = ("hot100", "cold100", "overdue", "fixed_1-2-3-4-5_1-2")


def valeurs(colonnes: Iterable[str], source: Mapping[str, Any]) -> list[Any]:
    return [source[EN_API.get(colonne, colonne)] for colonne in colonnes]


def bloc(colonnes: Iterable[str], source: Mapping[str, Any]) -> dict[str, Any]:
    return dict(zip(colonnes, valeurs(colonnes, source), strict=True))


def table(colonnes: Iterable[str], lignes: Iterable[list[Any]]) -> dict[str, Any]:
    return {"colonnes": list(colonnes), "lignes": list(lignes)}


def table_par_cle(cle: str, colonnes: tuple[str, ...], source: Mapping[str, Any]) -> dict[str, Any]:
    """Un objet `{clé: mesures}` rangé en lignes, la clé (un nombre) en tête."""
    return table((cle, *colonnes), ([int(qui), *valeurs(colonnes, un)] for qui, un in source.items()))


def extraire(dossier: Path) -> dict[str, Any]:
    def lire(nom: str) -> dict[str, Any]:
        lu: dict[str, Any] = json.loads((dossier / "oracles" / "euromillions" / f"{nom}.json").read_text())
        return lu

    uniformite = lire("uniformity")
    return {
        "resumes": [resume(*un) for un in lire("quick_stats").items()],
        "sorties": sorties(lire("frequencies"), uniformite["numbers_z"]),
        "ecarts": ecarts(lire("gaps")),
        "combinaisons": combinaisons(lire("combinations")),
        "repartitions": repartitions(lire("distributions")),
        "uniformite": table(("urne", "periode", *UNIFORMITE), lignes_d_uniformite(uniformite)),
        "rangs": rangs(lire("prize_ranks")),
        "formules": formules(lire("phase2_original_formulas")),
        "modele": modele(lire("ml_baseline")),
        "rejeu": rejeu(lire("backtest")),
    }


def resume(requete: str, lu: dict[str, Any]) -> dict[str, Any]:
    return {
        "requete": requete,
        "tirages": lu["total_draws"],
        "numeros": table(RESUME, (valeurs(RESUME, boule) for boule in lu["numbers"])),
        "etoiles": table(RESUME, (valeurs(RESUME, boule) for boule in lu["stars"])),
    }


def sorties(lu: dict[str, Any], reduits: dict[str, Any]) -> dict[str, Any]:
    return {
        "tirages": lu["total_draws"],
        "du": lu["date_range"]["start"],
        "au": lu["date_range"]["end"],
        "numeros": table(
            ("numero", "sorties", "ecart_reduit"),
            ([int(n), fois, reduits["z"][n]] for n, fois in lu["numbers"].items()),
        ),
        "ecart_type": reduits["sd"],
        "numeros_en_tete": lu["top10_numbers"],
        "numeros_en_queue": lu["bottom10_numbers"],
        "etoiles": list(lu["stars"].values()),
        "etoiles_en_tete": lu["top5_stars"],
        "etoiles_par_ere": {
            code: {"tirages": ere["draws"], "sorties": list(ere["counts"].values())}
            for code, ere in zip(ERES, lu["stars_by_era"].values(), strict=True)
        },
    }


def ecarts(lu: dict[str, Any]) -> dict[str, Any]:
    taux = {"trials": "essais", "hits": "reussites", "rate": "taux"}
    return {
        "au": lu["as_of"],
        "numeros": table_par_cle("numero", ECARTS, lu["numbers"]),
        "etoiles": table_par_cle("numero", ECARTS, lu["stars_all_history"]),
        "etoiles_de_l_ere_courante": table_par_cle("numero", ECARTS, lu["stars_since_2016_09_27"]),
        "plus_en_retard": lu["top10_overdue"],
        "plus_long_ecart": lu["max_gap_ever"],
        "taux_par_ecart": table(
            ("ecart", *taux.values(), "z"),
            (
                [int(ecart), *(un[cle] for cle in taux), un["z_vs_0_1"]]
                for ecart, un in lu["hit_rate_by_current_gap"].items()
            ),
        ),
        "retard_de_vingt": bloc((*taux.values(), "z"), lu["overdue_ge20_draws"]),
    }


def combinaisons(lu: dict[str, Any]) -> dict[str, Any]:
    tailles = {"2": ("pair", "top20_pairs"), "3": ("triple", "top10_triples"), "4": ("quad", "top10_quads")}
    seuils = lu["orig_frequent_threshold_mean_plus_1sd"]
    return {
        "par_taille": {
            taille: {
                "tete": lu[tete],
                "attendu": lu[f"expected_{nom}"],
                "distinctes": lu[f"n_distinct_{nom}s"],
                "moyenne": seuils[taille]["mean"],
                "ecart_type": seuils[taille]["sd_pop"],
                "au_dessus": seuils[taille]["n_above"],
            }
            for taille, (nom, tete) in tailles.items()
        },
        "paires_en_queue": lu["bottom10_pairs"],
        "paires_jamais_sorties": lu["never_seen_pairs"],
        "triplets_a_egalite_au_dixieme": lu["n_triples_tied_at_10th"],
        "triplets_par_nombre_de_sorties": lu["triple_count_histogram"],
        "etoiles_en_tete": lu["top10_star_pairs_all"],
        "etoiles_en_tete_de_l_ere_courante": lu["top10_star_pairs_since_2016_09_27"],
        "attendu_des_etoiles": lu["expected_star_pair_since_2016"],
        "tirages_repetes": lu["repeated_five_number_draws"],
    }


def repartitions(lu: dict[str, Any]) -> dict[str, Any]:
    somme = bloc(SOMME, lu["sum"])
    somme["epreuve"] = bloc(EPREUVE, somme["epreuve"])

    def comptees(nom: str) -> dict[str, Any]:
        return bloc(("comptes", "probabilites"), lu[nom]) | {"epreuve": bloc(EPREUVE, lu[nom]["test"])}

    return {
        "somme": somme,
        "impairs": comptees("odd"),
        "bas": comptees("low"),
        "consecutifs": bloc(("comptes", "probabilites"), lu["consecutive"]),
        "au_moins_un_consecutif": lu["consecutive"]["p_at_least_one"],
        "dizaines": lu["decades_top10"],
        "sommes_d_etoiles": bloc(
            ("etoiles_moyennes", "etoiles_basses", "etoiles_hautes"), lu["star_sum_buckets_orig"]
        ),
        "etendue": bloc(("moyenne", "moyenne_theorique"), lu["range_max_minus_min"]),
        "jours": bloc(("vendredi", "mardi"), lu["weekday"]),
        "par_annee": lu["per_year"],
    }


def lignes_d_uniformite(lu: dict[str, Any]) -> Iterable[list[Any]]:
    yield ["numeros", "tout", *valeurs(UNIFORMITE, lu["numbers_all"])]
    for code, periode in ERES.items():
        reserve = code.partition("-")[0]
        yield ["numeros", code, *valeurs(UNIFORMITE, lu[f"numbers_{periode}"])]
        yield ["etoiles", code, *valeurs(UNIFORMITE, lu[f"stars_1-{reserve}_{periode}"])]
    for annee in ANNEES:
        yield ["numeros", annee, *valeurs(UNIFORMITE, lu[f"numbers_{annee}"])]
        yield ["etoiles", annee, *valeurs(UNIFORMITE, lu[f"stars_{annee}"])]


def rangs(lu: dict[str, Any]) -> dict[str, Any]:
    periodes = ERES | {"12-etoiles": "current (from 2016-09-27)"}
    return {
        "eres": {
            code: {
                **bloc(("etoiles", "combinaisons"), lu[periode]),
                "rangs": table(RANGS, (valeurs(RANGS, rang) for rang in lu[periode]["ranks"])),
                "un_gain": bloc(GAIN, lu[periode]["any_prize"]),
                "sans_gain": lu[periode]["non_winning"],
            }
            for code, periode in periodes.items()
        },
        "esperances": bloc(ESPERANCES, lu["expected"]),
    }


def formules(lu: dict[str, Any]) -> dict[str, Any]:
    return {
        "au": lu["as_of"],
        "ecarts": table_par_cle(
            "numero", (*ECARTS_D_ORIGINE[:5], "derniere_sortie", *ECARTS_D_ORIGINE[5:]), lu["gap_analysis"]
        ),
        "en_retard": lu["n_overdue_factor_gt_1_5"],
        "mieux_predits": lu["best_gap_prediction"],
        "combinaisons": {
            taille: {
                "distinctes": une["total"],
                "occurrences": une["occ"],
                "frequentes": une["n_frequent"],
                "moyenne": une["avg"],
                "ecart_type": une["sd"],
                "seuil": une["thr"],
                "tete": table(("combinaison", "sorties", "score"), une["freq20"]),
            }
            for taille, une in lu["combination_analysis"].items()
        },
        "grilles": table(
            ("grille", *SCORES, "score_total", "confiance"),
            (
                [une["grid"], *valeurs(SCORES, une["scores"]), une["total_score"], une["confidence"]]
                for une in lu["grid_scores"]
            ),
        ),
    }


def modele(lu: dict[str, Any]) -> dict[str, Any]:
    return {
        "tirages_appris": lu["train_draws"],
        "tirages_eprouves": lu["test_draws"],
        "coefficients": lu["coef"],
        "erreurs_types": lu["se"],
        "perte_du_modele": lu["test_logloss_model"],
        "perte_de_la_constante": lu["test_logloss_constant_0_1"],
        "brier_du_modele": lu["test_brier_model"],
        "touches_des_cinq_premiers": lu["top5_hits"],
        "z_des_cinq_premiers": lu["z_top5"],
        "prediction_minimale": lu["pred_min"],
        "prediction_maximale": lu["pred_max"],
    }


def rejeu(lu: dict[str, Any]) -> dict[str, Any]:
    mesures = {
        "tirages": "draws",
        "numeros_moyens": "mean_numbers",
        "etoiles_moyennes": "mean_stars",
        "z_numeros": "z_numbers",
        "z_etoiles": "z_stars",
        "taux_naif": "orig_accuracy_pct",
        "accords": "distribution",
    }
    return {
        "taux_naif_du_hasard": lu["baseline"]["orig_accuracy_pct"],
        "references": table(
            ("nom", *mesures), ([nom, *(lu[nom][cle] for cle in mesures.values())] for nom in TETES_DE_REJEU)
        ),
    }


def tirages(dossier: Path) -> list[list[str]]:
    """date, numéros, étoiles, origine (l'opérateur d'où vient le tirage)."""
    with (dossier / "donnees" / "euromillions" / "tirages.csv").open(encoding="utf-8") as fichier:
        return [
            [
                ligne["date"],
                " ".join(ligne[boule] for boule in BOULES[:5]),
                " ".join(ligne[boule] for boule in BOULES[5:]),
                ligne["source"].partition("/")[0],
            ]
            for ligne in csv.DictReader(fichier)
        ]


def ecrire(dossier: Path) -> None:
    with TIRAGES.open("w", encoding="utf-8", newline="") as fichier:
        sortie = csv.writer(fichier, delimiter=";", lineterminator="\n")
        sortie.writerow(["date", "numeros", "etoiles", "origine"])
        sortie.writerows(tirages(dossier))
    REFERENCES.write_text(en_texte(extraire(dossier)), encoding="utf-8")


if __name__ == "__main__":
    ecrire(Path(os.environ["DOSSIER_PARTAGE"]))
