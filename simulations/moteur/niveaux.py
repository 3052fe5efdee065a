"""Sommes exactes par niveau : poste → centre → direction → national, en entiers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulations.moteur.carte import Carte, Entiers

NIVEAUX = ("national", "direction", "centre", "poste")


@dataclass(frozen=True)
class Lignes:
    """Les lignes d'un niveau : identifiants et rang de la ligne de chaque poste.

    `identifiants` : un par ligne (0 pour le national, (centre, titre) réunis pour un poste).
    """

    niveau: str
    identifiants: tuple[tuple[int, ...], ...]
    noms: tuple[str, ...]
    rang: Entiers

    def sommer(self, valeurs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Somme entière par ligne du premier axe (postes, …)."""
        sommes = np.zeros((len(self.identifiants), *valeurs.shape[1:]), dtype=np.int64)
        np.add.at(sommes, self.rang, valeurs)
        return sommes


def lignes(carte: Carte, niveau: str) -> Lignes:
    """Les lignes de `niveau` dans cette carte, dans l'ordre de la carte."""
    if niveau == "national":
        return Lignes(niveau, ((),), ("Ensemble",), np.zeros(len(carte.postes.id), dtype=np.int64))
    centre = carte.postes.centre
    if niveau == "poste":
        titre = carte.postes.titre
        return Lignes(
            niveau,
            tuple(
                (int(carte.centres.id[c]), int(carte.titres.id[t]))
                for c, t in zip(centre, titre, strict=True)
            ),
            tuple(carte.titres.nom[t] for t in titre.tolist()),
            np.arange(len(centre)),
        )
    if niveau == "centre":
        return Lignes(niveau, tuple((int(pk),) for pk in carte.centres.id), carte.centres.nom, centre)
    if niveau != "direction":
        raise ValueError(f"niveau inconnu : {niveau}")
    rangs: dict[int, int] = {}
    noms: list[str] = []
    for pk, nom in zip(carte.centres.direction_id.tolist(), carte.centres.direction, strict=True):
        if pk not in rangs:
            rangs[pk] = len(rangs)
            noms.append(nom)
    du_centre = np.array([rangs[pk] for pk in carte.centres.direction_id.tolist()], dtype=np.int64)
    return Lignes(niveau, tuple((pk,) for pk in rangs), tuple(noms), du_centre[centre])
