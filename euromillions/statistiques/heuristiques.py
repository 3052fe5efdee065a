"""Scores d'écart, de combinaison et de grille : des heuristiques sans valeur prédictive, et dites telles.

Définitions et arrondis : docs/metier/euromillions.md#heuristiques. Les écarts sont en jours.
Pour le tirage de rang i, seuls
les tirages de rang inférieur à i sont lus ; la date d'examen est celle du dernier d'entre eux.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from euromillions.statistiques.historique import NUMEROS_MAX, NUMEROS_TIRES, Entiers, Historique, Reels

TAILLES = (2, 3, 4)
TETE = 20
SEUIL_BAS = 25  # « bas » : 1 à 25
SOMME_ATTENDUE = 127.5
COMPOSANTES = ("gap", "combination", "frequency", "distribution", "pattern", "balance")
POIDS = np.array([0.25, 0.20, 0.15, 0.15, 0.15, 0.10])
NIVEAUX = (
    (0.8, "Excellente"),
    (0.7, "Très bonne"),
    (0.6, "Bonne"),
    (0.5, "Moyenne"),
    (0.4, "Faible"),
)
ETIQUETTES_ECART = ((0.7, "Élevée"), (0.5, "Moyenne"), (0.3, "Faible"))
SANS_PREDICTION = (
    "Heuristique sans valeur prédictive : un tirage ne dépend pas des précédents, "
    "toute grille a la même chance."
)


class EcartPredit(TypedDict):
    numero: int
    total_appearances: int
    average_gap: float
    current_gap: int
    max_gap: int
    min_gap: int
    last_appearance: str
    overdue_factor: float
    prediction_score: float
    std: float


class Frequente(TypedDict):
    numbers: list[int]
    count: int
    score: float


class Frequentes(TypedDict):
    size: int
    distinct: int
    occurrences: int
    mean: float
    sd: float
    threshold: float
    frequent: int
    top: list[Frequente]


@dataclass(frozen=True)
class Contexte:
    """Ce que le score d'une grille lit : par numéro (50,), et les ensembles fréquents.

    - `scores_ecart`, `retards`, `parts` (50,) : NaN pour un numéro sans score d'écart ;
    - `ensembles` (E, 50) : 1 si le numéro est dans l'ensemble ; `poids` (E,) : son score ; `tailles` (E,).
    """

    scores_ecart: Reels
    retards: Reels
    parts: Reels
    ensembles: NDArray[np.float64]
    poids: Reels
    tailles: Reels


# --- Écarts -------------------------------------------------------------------------------------------


def ecarts_predits(historique: Historique) -> list[EcartPredit]:
    """Un par numéro sorti au moins deux fois, à la date du dernier tirage."""
    if not len(historique):
        return []
    examen = historique.jours[-1]
    lignes: list[EcartPredit] = []
    for valeur in range(1, NUMEROS_MAX + 1):
        dates = historique.jours[historique.sorties_numeros.de(valeur)]
        if len(dates) < 2:
            continue
        ecarts = np.diff(dates).astype(np.int64)
        courant, moyen = int((examen - dates[-1]).astype(np.int64)), float(ecarts.mean())
        lignes.append(
            {
                "numero": valeur,
                "total_appearances": len(dates),
                "average_gap": round(moyen, 1),
                "current_gap": courant,
                "max_gap": int(ecarts.max()),
                "min_gap": int(ecarts.min()),
                "last_appearance": str(dates[-1]),
                "overdue_factor": round(courant / moyen, 2),
                "prediction_score": round(float(score_d_ecart(courant, moyen, len(dates))), 3),
                "std": round(float(ecarts.std()), 1),
            }
        )
    return lignes


def score_d_ecart(courant: Any, moyen: Any, sorties: Any) -> Reels:
    """Score d'écart non arrondi : retard, nombre de sorties, régularité."""
    retard = np.divide(courant, moyen)
    return np.asarray(
        0.4 * np.minimum(retard / 2, 1)
        + 0.3 * np.minimum(np.divide(sorties, 50), 1)
        + 0.3 * (1 - np.minimum(np.divide(courant, 3 * np.asarray(moyen)), 1))
    )


def etiquette(score: float, seuils: Sequence[tuple[float, str]], *, strict: bool) -> str:
    """Le premier niveau atteint (dépassé si `strict`), « Très faible » sinon."""
    for seuil, nom in seuils:
        if score > seuil or (not strict and score == seuil):
            return nom
    return "Très faible"


# --- Ensembles fréquents ------------------------------------------------------------------------------


class Compteur:
    """Compte les ensembles d'une taille, tirage après tirage, et tient les vingt premiers.

    À égalité de compte, le plus récemment sorti, puis l'ordre lexicographique. Comme un tirage ne peut
    qu'améliorer la place des siens, la tête se met à jour sans tout relire.
    """

    def __init__(self, taille: int) -> None:
        self.taille = taille
        self.tirages = 0
        self.comptes: dict[tuple[int, ...], int] = {}
        self._carres = 0
        self._tete: dict[tuple[int, ...], tuple[int, int, int]] = {}

    def ajouter(self, numeros: Sequence[int]) -> None:
        """`numeros` croissants."""
        self.tirages += 1
        for place, ensemble in enumerate(combinations(numeros, self.taille)):
            compte = self.comptes.get(ensemble, 0) + 1
            self.comptes[ensemble] = compte
            self._carres += 2 * compte - 1
            self._tete[ensemble] = (compte, self.tirages, -place)
        if len(self._tete) > TETE:
            gardes = sorted(self._tete.items(), key=lambda un: un[1], reverse=True)[:TETE]
            self._tete = dict(gardes)

    @property
    def occurrences(self) -> int:
        return sum(self.comptes.values())

    def seuil(self) -> tuple[float, float]:
        """(moyenne, écart type) des comptes des ensembles déjà sortis."""
        distincts = len(self.comptes)
        # Chaque tirage ajoute autant d'ensembles : inutile de les sommer.
        moyenne = self.tirages * _par_tirage(self.taille) / distincts
        return moyenne, sqrt(max(0.0, self._carres / distincts - moyenne**2))

    def tete(self) -> list[tuple[tuple[int, ...], int]]:
        """Les vingt premiers qui dépassent moyenne + écart type, du plus au moins fréquent."""
        if not self.comptes:
            return []
        seuil = sum(self.seuil())
        ordre = sorted(self._tete.items(), key=lambda un: un[1], reverse=True)
        return [(ensemble, cle[0]) for ensemble, cle in ordre if cle[0] >= seuil][:TETE]

    def score(self, compte: int) -> float:
        return min(100 * compte / self.tirages / self.taille, 1.0)


def frequentes(historique: Historique, taille: int) -> Frequentes:
    """Ensembles de `taille` numéros au compte d'au moins moyenne + écart type."""
    compteur = Compteur(taille)
    for numeros in historique.numeros.tolist():
        compteur.ajouter(numeros)
    moyenne, ecart_type = compteur.seuil() if compteur.comptes else (0.0, 0.0)
    seuil = moyenne + ecart_type
    return {
        "size": taille,
        "distinct": len(compteur.comptes),
        "occurrences": compteur.occurrences,
        "mean": moyenne,
        "sd": ecart_type,
        "threshold": seuil,
        "frequent": sum(compte >= seuil for compte in compteur.comptes.values()),
        "top": [
            {"numbers": list(ensemble), "count": compte, "score": compteur.score(compte)}
            for ensemble, compte in compteur.tete()
        ],
    }


def _par_tirage(taille: int) -> int:
    return sum(1 for _ in combinations(range(NUMEROS_TIRES), taille))


# --- Score d'une grille -------------------------------------------------------------------------------


def contextes(historique: Historique, rangs: Entiers) -> Iterator[Contexte]:
    """Le contexte de score avant chaque tirage de rang `rangs` (croissants, de 1 à N compris), un par un."""
    ecarts = _ecarts_par_rang(historique, rangs)
    demandes = {rang: place for place, rang in enumerate(rangs.tolist())}
    compteurs = [Compteur(taille) for taille in TAILLES]
    for rang, numeros in enumerate(historique.numeros.tolist()[: int(rangs.max(initial=0))], start=1):
        for compteur in compteurs:
            compteur.ajouter(numeros)
        if rang in demandes:
            place = demandes[rang]
            scores, retards, parts = (tableau[place] for tableau in ecarts)
            yield Contexte(scores, retards, parts, *_ensembles(compteurs))


def scorer(grilles: NDArray[np.integer], contexte: Contexte) -> tuple[Reels, Reels]:
    """Composantes (G, 6) dans l'ordre de COMPOSANTES, et scores (G,), de grilles (G, 5) croissantes."""
    numeros = np.asarray(grilles, dtype=np.int64)
    places = numeros - 1
    bonus = 1 + np.minimum(contexte.retards / 2, 0.5)
    parts = contexte.parts[places]
    composantes = np.stack(
        [
            np.nan_to_num((contexte.scores_ecart * bonus), nan=0.0)[places].mean(axis=1),
            _combinaisons(places, contexte),
            0.7 * parts.mean(axis=1) + 0.3 * (1 - parts.std(axis=1)),
            _repartition(places),
            _motif(numeros),
            _equilibre(numeros),
        ],
        axis=1,
    )
    return composantes, composantes @ POIDS


def _ecarts_par_rang(historique: Historique, rangs: Entiers) -> tuple[Reels, Reels, Reels]:
    """(scores d'écart, retards, parts de sortie), formes (D, 50), arrondis comme `ecarts_predits`."""
    sorties = np.zeros((len(historique), NUMEROS_MAX), dtype=np.bool_)
    np.put_along_axis(sorties, historique.numeros.astype(np.int64) - 1, True, axis=1)
    jours = historique.jours.astype(np.int64)[:, None]
    comptes = np.cumsum(sorties, axis=0)[rangs - 1]
    derniers = np.maximum.accumulate(np.where(sorties, jours, np.iinfo(np.int64).min), axis=0)[rangs - 1]
    premiers = np.minimum.accumulate(np.where(sorties, jours, np.iinfo(np.int64).max), axis=0)[rangs - 1]
    assez = comptes >= 2
    moyens = np.where(assez, (derniers - premiers) / np.maximum(comptes - 1, 1), 1.0)
    courants = np.where(assez, jours[rangs - 1] - derniers, 0).astype(np.float64)
    retards = np.where(assez, np.round(courants / moyens, 2), np.nan)
    scores = np.where(assez, np.round(score_d_ecart(courants, moyens, comptes), 3), np.nan)
    return scores, retards, comptes / rangs[:, None]


def _ensembles(compteurs: Sequence[Compteur]) -> tuple[Reels, Reels, Reels]:
    tous = [(e, c.score(compte), c.taille) for c in compteurs for e, compte in c.tete()]
    matrice = np.zeros((len(tous), NUMEROS_MAX))
    for ligne, (ensemble, _, _) in enumerate(tous):
        matrice[ligne, np.array(ensemble) - 1] = 1
    return matrice, np.array([score for _, score, _ in tous]), np.array([float(k) for *_, k in tous])


def _combinaisons(places: Entiers, contexte: Contexte) -> Reels:
    if not len(contexte.poids):
        return np.full(len(places), 0.5)
    communs = contexte.ensembles[:, places].sum(axis=2).T  # (G, E)
    partages = communs >= 2
    totaux = np.where(partages, communs * (contexte.poids / contexte.tailles), 0).sum(axis=1)
    nombres = partages.sum(axis=1)
    return np.where(nombres > 0, totaux / np.maximum(nombres, 1), 0.5)


def _repartition(places: Entiers) -> Reels:
    """Dizaines de cinq : parts des tranches occupées, et nombre de tranches."""
    tranches = (places[:, :, None] // 5 == np.arange(10)).sum(axis=1) / NUMEROS_TIRES
    occupees = (tranches > 0).sum(axis=1)
    moyennes = 1 / occupees
    ecarts = np.where(tranches > 0, tranches - moyennes[:, None], 0)
    ecart_type = np.sqrt((ecarts**2).sum(axis=1) / occupees)
    return 0.6 * (1 - ecart_type / 0.5) + 0.4 * occupees / 10


def _motif(numeros: Entiers) -> Reels:
    differences = np.diff(numeros, axis=1)
    suites = (differences == 1).sum(axis=1)
    return 1 / (1 + differences.var(axis=1) / differences.mean(axis=1)) * (1 - suites / NUMEROS_TIRES)


def _equilibre(numeros: Entiers) -> Reels:
    bas, pairs = (numeros <= SEUIL_BAS).sum(axis=1), (numeros % 2 == 0).sum(axis=1)
    rapports = [np.minimum(n, 5 - n) / np.maximum(n, 5 - n) for n in (bas, pairs)]
    ecart = np.abs(numeros.sum(axis=1) - SOMME_ATTENDUE) / SOMME_ATTENDUE
    return 0.4 * rapports[0] + 0.4 * rapports[1] + 0.2 * (1 - ecart)
