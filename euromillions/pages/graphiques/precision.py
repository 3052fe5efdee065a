"""Des mesures de précision aux figures des pages (forme : `composants/graphique.html`)."""

from typing import Literal

from euromillions.generation.marche_avant import TEMOIN
from euromillions.grilles.heuristiques import EcartEtiquete
from euromillions.pages.graphiques.figure import Figure, Serie
from euromillions.precision.strategies import LigneDeStrategie


def backtest_par_annee(par_annee: dict[str, dict[str, float]], noms: dict[str, str]) -> Figure:
    """Numéros trouvés par grille, une courbe par stratégie ; le témoin en gris."""
    annees = list(next(iter(par_annee.values()), {}))
    return {
        "etiquettes": annees,
        "series": [
            _courbe(noms[nom], [valeurs[an] for an in annees], neutre=nom == TEMOIN)
            for nom, valeurs in par_annee.items()
        ],
        "attendu": 0.5,
        "attendu_nom": "Hasard exact",
        "axe_x": "Année",
        "axe_y": "Numéros par grille",
        "decimales": 3,
        "zero": False,
    }


def _courbe(nom: str, valeurs: list[float], *, neutre: bool) -> Serie:
    courbe: Serie = {"nom": nom, "valeurs": valeurs}
    if neutre:
        courbe["couleur"] = "neutre"
    return courbe


def scores_d_ecart(numeros: list[EcartEtiquete]) -> Figure:
    return {
        "etiquettes": [ligne["numero"] for ligne in numeros],
        "series": [{"nom": "Score d'écart", "valeurs": [ligne["prediction_score"] for ligne in numeros]}],
        "axe_x": "Numéro",
        "axe_y": "Score",
        "decimales": 3,
    }


def precision(lignes: list[LigneDeStrategie], boules: Literal["numbers", "stars"], *, axe_y: str) -> Figure:
    """Moyenne de chaque stratégie, espérance du hasard, intervalle à 95 %."""
    moyennes = [ligne[boules] for ligne in lignes]
    return {
        "etiquettes": [ligne["name"] for ligne in lignes],
        "series": [{"nom": "Moyenne trouvée", "valeurs": [m["mean"] for m in moyennes]}],
        "attendu": [m["expected"] for m in moyennes],
        "attendu_nom": "Hasard exact",
        "bande": {
            "bas": [None if m["ci_low"] is None else max(0.0, m["ci_low"]) for m in moyennes],
            "haut": [m["ci_high"] for m in moyennes],
            "nom": "Intervalle à 95 %",
        },
        "axe_x": "Stratégie",
        "axe_y": axe_y,
        "decimales": 3,
    }
