"""Des chiffres des statistiques aux figures des pages (forme : `composants/graphique.html`)."""

from math import sqrt
from typing import Any

from euromillions.jeu.regles import JOURS_SEMAINE, MOIS
from euromillions.pages.graphiques.figure import Figure
from euromillions.statistiques import hasard
from euromillions.statistiques.boule import ClasseEcart, ParAnnee
from euromillions.statistiques.combinaisons import Combinaison
from euromillions.statistiques.ecarts import Ecart, TauxDeSortie
from euromillions.statistiques.frequences import Frequence
from euromillions.statistiques.historique import NUMEROS_MAX, NUMEROS_TIRES
from euromillions.statistiques.repartitions import (
    JOURS_COURTS,
    LARGEUR_CLASSE,
    Position,
    Repartition,
    Sommes,
)

BANDE = "±2σ : 19 fois sur 20 par hasard"
ATTENDU = "Attendu par hasard"


def frequences(boules: list[Frequence], *, axe: str) -> Figure:
    """Sorties de chaque boule, avec l'attendu et la bande ±2σ."""
    return _avec_bande(
        [boule["numero"] for boule in boules],
        "Sorties",
        [boule["count"] for boule in boules],
        [boule["expected"] for boule in boules],
        [2 * boule["sd"] for boule in boules],
        axe_x=axe,
        axe_y="Nombre de sorties",
        decimales=1,
    )


def ecarts_courants(boules: list[Ecart], *, axe: str) -> Figure:
    return {
        "etiquettes": [boule["numero"] for boule in boules],
        "series": [
            {"nom": "Absence en cours", "valeurs": [boule["current_gap"] for boule in boules]},
        ],
        "axe_x": axe,
        "axe_y": "Tirages depuis la dernière sortie",
    }


def chances_selon_l_absence(taux: list[TauxDeSortie]) -> Figure:
    """Part de sorties selon l'absence : la droite des 10 % et l'incertitude de chaque point."""
    p = NUMEROS_TIRES / NUMEROS_MAX
    utiles = [un for un in taux if un["trials"]]
    return _avec_bande(
        [_classe_d_absence(un["gap"]) for un in utiles],
        "Sorties observées",
        [100 * (un["rate"] or 0.0) for un in utiles],
        [100 * p] * len(utiles),
        [200 * sqrt(p * (1 - p) / un["trials"]) for un in utiles],
        axe_x="Absence avant le tirage",
        axe_y="Chances de sortie",
        unite="%",
        decimales=2,
    )


def combinaisons(tete: list[Combinaison], attendu: float, *, axe: str) -> Figure:
    return {
        "etiquettes": [" – ".join(map(str, une["numbers"])) for une in tete],
        "series": [{"nom": "Sorties", "valeurs": [une["count"] for une in tete]}],
        "attendu": attendu,
        "attendu_nom": ATTENDU,
        "axe_x": axe,
        "axe_y": "Nombre de sorties",
        "decimales": 1,
        "horizontal": True,
    }


def histogramme_des_comptes(histogramme: list[list[int]], *, axe: str) -> Figure:
    return {
        "etiquettes": [f"{compte} fois" for compte, _ in histogramme],
        "series": [{"nom": "Combinaisons", "valeurs": [nombre for _, nombre in histogramme]}],
        "axe_x": axe,
        "axe_y": "Nombre de combinaisons",
    }


def sommes(somme: Sommes, total: int) -> Figure:
    classes = list(somme["histogram_by_10"])
    debuts = [int(classe.split("-")[0]) for classe in classes]
    probabilites = hasard.sommes()
    parts = [sum(probabilites[debut : debut + LARGEUR_CLASSE]) for debut in debuts]
    return _avec_bande(
        [classe.replace("-", "–") for classe in classes],
        "Tirages",
        list(somme["histogram_by_10"].values()),
        [total * part for part in parts],
        [2 * sqrt(total * part * (1 - part)) for part in parts],
        axe_x="Somme des cinq numéros",
        axe_y="Nombre de tirages",
        decimales=1,
    )


def repartition(parts: Repartition, total: int, *, axe: str) -> Figure:
    probabilites = list(parts["probs"].values())
    return _avec_bande(
        list(parts["counts"]),
        "Tirages",
        list(parts["counts"].values()),
        [total * p for p in probabilites],
        [2 * sqrt(total * p * (1 - p)) for p in probabilites],
        axe_x=axe,
        axe_y="Nombre de tirages",
        decimales=1,
    )


def par_annee(annees: dict[str, int]) -> Figure:
    return _barres(list(annees), list(annees.values()), axe="Année")


def par_mois(mois: dict[str, int]) -> Figure:
    return _barres([MOIS[int(rang) - 1] for rang in mois], list(mois.values()), axe="Mois")


def par_jour(jours: dict[str, int]) -> Figure:
    noms = [JOURS_SEMAINE[JOURS_COURTS.index(jour)] for jour in jours]
    return _barres(noms, list(jours.values()), axe="Jour de la semaine")


def positions(rangs: list[Position], *, axe: str) -> Figure:
    """Une courbe par position une fois les boules triées."""
    return {
        "etiquettes": list(range(1, len(rangs[0]["counts"]) + 1)),
        "series": [
            {
                "nom": f"{rang['position']}ᵉ boule" if rang["position"] > 1 else "1ʳᵉ boule",
                "valeurs": rang["counts"],
            }
            for rang in rangs
        ],
        "axe_x": axe,
        "axe_y": "Nombre de tirages",
    }


def boule_par_annee(annees: list[ParAnnee]) -> Figure:
    return _avec_bande(
        [an["year"] for an in annees],
        "Sorties",
        [an["count"] for an in annees],
        [an["expected"] for an in annees],
        [
            2 * sqrt(an["expected"] * (1 - an["expected"] / an["draws"])) if an["draws"] else 0
            for an in annees
        ],
        axe_x="Année",
        axe_y="Nombre de sorties",
        decimales=1,
    )


def boule_ecarts(classes: list[ClasseEcart]) -> Figure:
    return {
        "etiquettes": [classe["label"] for classe in classes],
        "series": [{"nom": "Écarts observés", "valeurs": [classe["count"] for classe in classes]}],
        "attendu": [classe["expected"] for classe in classes],
        "attendu_nom": ATTENDU,
        "axe_x": "Écart entre deux sorties (tirages)",
        "axe_y": "Nombre d'écarts",
        "decimales": 1,
    }


def _barres(etiquettes: list[Any], valeurs: list[Any], *, axe: str) -> Figure:
    return {
        "etiquettes": etiquettes,
        "series": [{"nom": "Tirages", "valeurs": valeurs}],
        "axe_x": axe,
        "axe_y": "Nombre de tirages",
    }


def _avec_bande(
    etiquettes: list[Any],
    nom: str,
    valeurs: list[Any],
    attendus: list[float],
    marges: list[float],
    axe_x: str,
    axe_y: str,
    decimales: int,
    unite: str = "",
) -> Figure:
    figure: Figure = {
        "etiquettes": etiquettes,
        "series": [{"nom": nom, "valeurs": valeurs}],
        "attendu": attendus,
        "attendu_nom": ATTENDU,
        "bande": {
            "bas": [max(0.0, a - m) for a, m in zip(attendus, marges, strict=True)],
            "haut": [a + m for a, m in zip(attendus, marges, strict=True)],
            "nom": BANDE,
        },
        "axe_x": axe_x,
        "axe_y": axe_y,
        "decimales": decimales,
    }
    if unite:
        figure["unite"] = unite
    return figure


def _classe_d_absence(ecart: int) -> str:
    if ecart < 20:
        return str(ecart)
    return "40 et plus" if ecart == 40 else f"{ecart}–{ecart + 4}"
