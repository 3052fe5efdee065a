"""Sommes exactes par niveau : poste → centre → direction → national, en entiers."""

from dataclasses import dataclass
from typing import TypedDict

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


class Etiquette(TypedDict, total=False):
    """Qui est une ligne : les identifiants et les noms du jour du calcul que son niveau connaît."""

    direction_id: int
    direction_label: str
    centre_id: int
    centre_label: str
    poste_id: int
    poste_label: str


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


def etiquettes(carte: Carte, niveau: str) -> list[Etiquette]:
    """Qui est chaque ligne de `lignes(carte, niveau)` ."""
    centres, titres = carte.centres, carte.titres
    if niveau == "national":
        return [{}]
    if niveau == "direction":
        noms = dict(zip(centres.direction_id.tolist(), centres.direction, strict=True))
        return [
            {"direction_id": pk, "direction_label": noms[pk]} for (pk,) in lignes(carte, niveau).identifiants
        ]
    du_centre: list[Etiquette] = [
        {
            "direction_id": int(centres.direction_id[c]),
            "direction_label": centres.direction[c],
            "centre_id": int(centres.id[c]),
            "centre_label": centres.nom[c],
        }
        for c in range(len(centres.id))
    ]
    if niveau == "centre":
        return du_centre
    return [
        {**du_centre[c], "poste_id": int(titres.id[t]), "poste_label": titres.nom[t]}
        for c, t in zip(carte.postes.centre.tolist(), carte.postes.titre.tolist(), strict=True)
    ]
