"""Les figures de référence du calcul, gardées dans `donnees/references.json` sous nos noms de paramètres.

`extraire_references` les refait depuis `DOSSIER_PARTAGE`.
"""

import json
import re
from pathlib import Path
from typing import Any

REFERENCES = Path(__file__).parents[1] / "donnees" / "references.json"

# Nos noms de paramètres → ceux des clients historiques, que l'API lit toujours.
HISTORIQUES = {
    "temps_mort": "idle_minutes",
    "trajet_minutes": "duree_trajet",
    "circulation": "coeff_circ",
    "geographie": "coeff_geo",
    "colis_amana_par_sac": "colis_amana_par_canva_sac",
    "co_par_sac": "nbr_co_sac",
    "cr_par_sac": "nbr_cr_sac",
    "a_guichet": "has_guichet",
    "croissance": "pct_annee",
    "part_du_mois": "pct_mois",
}
# Les mêmes, quand un flux peut les précéder (`co_pct_marche`).
PARTS = {"pct_marche": "pct_marche_ordinaire", "pct_vaguemestre": "pct_vague_master"}


def references() -> dict[str, Any]:
    lues: dict[str, Any] = json.loads(REFERENCES.read_text(encoding="utf-8"))
    return lues


def nom_historique(nom: str) -> str:
    for part, historique in PARTS.items():
        nom = re.sub(rf"\b(\w+_)?{part}$", rf"\g<1>{historique}", nom)
    return HISTORIQUES.get(nom, nom)


def nom_de_la_maison(historique: str) -> str:
    for part, ancien in PARTS.items():
        historique = re.sub(rf"{ancien}$", part, historique)
    return {ancien: nom for nom, ancien in HISTORIQUES.items()}.get(historique, historique)
