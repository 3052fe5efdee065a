"""L'histoire réelle des tirages et les chiffres de référence, tels qu'ils sont gardés dans `donnees/`.

`extraire_references` les refait depuis `DOSSIER_PARTAGE`. Les clés sont les nôtres ; `en_api` rend celles de
l'API, pour comparer.
"""

import csv
import json
import math
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from simulateur.tests.outils.compact import lignes

DONNEES = Path(__file__).parents[1] / "donnees"
TIRAGES = DONNEES / "tirages_reels.csv"
REFERENCES = DONNEES / "references.json"

# Nos clés → celles de l'API, dont les chiffres de référence partagent le vocabulaire.
EN_API = {
    "numero": "numero",
    "sorties": "count",
    "pourcentage": "percentage",
    "derniere_sortie": "last_appearance",
    # Écarts entre deux sorties.
    "apparitions": "appearances",
    "ecart_actuel": "current_gap",
    "ecart_moyen": "mean_gap",
    "ecart_maximal": "max_gap",
    "ecart_minimal": "min_gap",
    "jours_moyens": "mean_gap_days",
    "jours_maximaux": "max_gap_days",
    "premiere": "first",
    "derniere": "last",
    "essais": "trials",
    "reussites": "hits",
    "taux": "rate",
    # Répartitions et uniformité.
    "comptes": "counts",
    "probabilites": "probs",
    "epreuve": "test",
    "khi2": "chi2",
    "degres": "df",
    "p": "p",
    "moyenne": "mean",
    "ecart_type_population": "sd_pop",
    "ecart_type_echantillon": "sd_sample",
    "minimum": "min",
    "maximum": "max",
    "mediane": "median",
    "moyenne_theorique": "theory_mean",
    "ecart_type_theorique": "theory_sd",
    "z_de_la_moyenne": "z_of_mean",
    "classes": "buckets",
    "probabilites_des_classes": "bucket_probs_exact",
    "par_dizaine": "histogram_by_10",
    "etoiles_basses": "low_stars",
    "etoiles_moyennes": "medium_stars",
    "etoiles_hautes": "high_stars",
    "mardi": "Tue",
    "vendredi": "Fri",
    "tirages": "n_draws",
    "boules_tirees": "k",
    "boules_dans_l_urne": "m",
    "attendu_par_boule": "expected_per_value",
    "khi2_brut": "pearson_chi2",
    "p_brut": "pearson_p_naive",
    "correction": "correction_factor",
    "khi2_corrige": "corrected_chi2",
    "p_corrige": "corrected_p",
    # Rangs de gain.
    "etoiles": "stars",
    "combinaisons": "total_combinations",
    "rangs": "ranks",
    "rang": "rank",
    "accord": "match",
    "facons": "ways",
    "probabilite": "probability",
    "une_chance_sur": "one_in",
    "fraction": "fraction",
    "un_gain": "any_prize",
    "sans_gain": "non_winning",
    "numeros_trouves": "numbers_matched",
    "etoiles_trouvees": "stars_matched_12",
    "variance_numeros": "numbers_var",
    "variance_etoiles": "stars_var",
    "probabilites_numeros": "p_numbers",
    "probabilites_etoiles": "p_stars",
    # Formules d'origine, en jours.
    "sorties_totales": "total_appearances",
    "jours_moyens_arrondis": "average_gap",
    "jours_depuis": "current_gap",
    "jours_maximum": "max_gap",
    "jours_minimum": "min_gap",
    "facteur_de_retard": "overdue_factor",
    "score_predit": "prediction_score",
    "ecart_type": "std",
    "score_ecarts": "gap_score",
    "score_combinaisons": "combination_score",
    "score_frequences": "frequency_score",
    "score_repartition": "distribution_score",
    "score_motifs": "pattern_score",
    "score_equilibre": "balance_score",
}


class TirageReel(NamedTuple):
    jour: date
    numeros: tuple[int, ...]
    etoiles: tuple[int, ...]
    origine: str


def tirages_reels() -> list[TirageReel]:
    with TIRAGES.open(encoding="utf-8", newline="") as fichier:
        return [
            TirageReel(
                date.fromisoformat(ligne["date"]),
                tuple(map(int, ligne["numeros"].split())),
                tuple(map(int, ligne["etoiles"].split())),
                ligne["origine"],
            )
            for ligne in csv.DictReader(fichier, delimiter=";")
        ]


def references() -> dict[str, Any]:
    lues: dict[str, Any] = json.loads(REFERENCES.read_text(encoding="utf-8"))
    return lues


def par(cle: str, table: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Les lignes d'une table, rangées par l'une de leurs colonnes, qui les quitte."""
    return {str(ligne.pop(cle)): ligne for ligne in lignes(table)}


def en_api(valeur: Any) -> Any:
    """La même donnée sous les clés de l'API ; les clés sans traduction (un numéro, une année) restent."""
    if isinstance(valeur, dict):
        if valeur.keys() == {"colonnes", "lignes"}:
            return en_api(lignes(valeur))
        return {EN_API.get(cle, cle): en_api(reste) for cle, reste in valeur.items()}
    if isinstance(valeur, list):
        return [en_api(un) for un in valeur]
    return valeur


def verifier(obtenu: Any, attendu: Any, chemin: str = "") -> None:
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
