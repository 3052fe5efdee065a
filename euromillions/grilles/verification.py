"""Une grille a-t-elle déjà gagné, et qu'aurait-elle rapporté depuis une date ?"""

from __future__ import annotations

from datetime import date
from typing import TypedDict

import numpy as np

from euromillions.grilles.grille_donnee import GrilleDonnee
from euromillions.lectures import histoire
from euromillions.lectures.terrain import lire_le_terrain

GAINS_MONTRES = 500


class GainObtenu(TypedDict):
    """`prize` : None si le gain n'est pas publié."""

    date: str
    match: str
    rank: int
    prize: float | None


class Verification(TypedDict):
    """Montants en euros. `cost` : None si le prix d'un de ces tirages n'est pas connu."""

    numbers: list[int]
    stars: list[int]
    since: str | None
    draws_checked: int
    ever_won: bool
    best_rank: int | None
    wins: list[GainObtenu]
    total_wins: int
    ranks: dict[str, int]
    cost: float | None
    draws_with_known_prizes: int
    cost_of_known_draws: float
    known_winnings: float
    return_rate: float | None
    unknown_prizes: int


def verifier(grille: GrilleDonnee, depuis: date | None = None) -> Verification:
    """Confronte la grille à chaque tirage où elle pouvait se jouer.

    Mise et gains en euros. Un gain non publié reste inconnu : le retour ne compte que les tirages aux gains
    publiés, mise comprise.
    """
    historique = histoire.charger()
    terrain = lire_le_terrain(historique)
    jouables = terrain.reserves >= max(grille.etoiles)
    if depuis is not None:
        jouables &= historique.jours >= np.datetime64(depuis)
    places = np.flatnonzero(jouables)
    numeros = np.isin(historique.numeros[places], grille.numeros).sum(axis=1)
    etoiles = np.isin(historique.etoiles[places], grille.etoiles).sum(axis=1)
    rangs = terrain.rangs[places, numeros, etoiles]
    gains = np.where(rangs > 0, terrain.gains[places, rangs], 0.0)
    prix = terrain.prix[places]
    publies = ~np.isnan(terrain.gains[places]).all(axis=1) & ~np.isnan(gains) & ~np.isnan(prix)
    gagnants = np.flatnonzero(rangs > 0)
    mise_publiee = float(prix[publies].sum())
    rapporte = float(gains[publies].sum())
    return {
        "numbers": list(grille.numeros),
        "stars": list(grille.etoiles),
        "since": str(historique.jours[places[0]]) if len(places) else None,
        "draws_checked": len(places),
        "ever_won": bool(len(gagnants)),
        "best_rank": int(rangs[gagnants].min()) if len(gagnants) else None,
        "wins": [
            {
                "date": str(historique.jours[places[i]]),
                "match": f"{numeros[i]}+{etoiles[i]}",
                "rank": int(rangs[i]),
                "prize": None if np.isnan(gains[i]) else float(gains[i]),
            }
            for i in gagnants[::-1][:GAINS_MONTRES]
        ],
        "total_wins": len(gagnants),
        "ranks": {str(r): int((rangs == r).sum()) for r in sorted(set(rangs[gagnants].tolist()))},
        "cost": None if np.isnan(prix).any() else float(prix.sum()),
        "draws_with_known_prizes": int(publies.sum()),
        "cost_of_known_draws": mise_publiee,
        "known_winnings": rapporte,
        "return_rate": rapporte / mise_publiee if mise_publiee else None,
        "unknown_prizes": int(np.isnan(gains).sum()),
    }
