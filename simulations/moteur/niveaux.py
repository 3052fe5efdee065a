"""Les niveaux : sommes exactes poste → centre → direction → national, en entiers, et qui est chaque ligne."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from simulations.moteur.carte import Carte, Entiers

NIVEAUX = ("national", "direction", "centre", "poste")
Cle = tuple[int, ...]


class Etiquette(TypedDict, total=False):
    """Ce qui nomme une ligne ; vide au niveau national."""

    direction_id: int
    direction_label: str
    centre_id: int
    centre_label: str
    centre_code: str
    poste_id: int
    poste_label: str
    poste_code: str


@dataclass(frozen=True)
class Lignes:
    """Les lignes d'un niveau : clé de chacune, et rang de la ligne de chaque poste.

    `cles` : () pour le national, (direction,), (centre,) ou (centre, titre).
    """

    niveau: str
    cles: tuple[Cle, ...]
    rang: Entiers

    def sommer(self, valeurs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Somme entière par ligne du premier axe (postes, …)."""
        sommes = np.zeros((len(self.cles), *valeurs.shape[1:]), dtype=np.int64)
        np.add.at(sommes, self.rang, valeurs)
        return sommes


def lignes(carte: Carte, niveau: str) -> Lignes:
    """Les lignes de `niveau` dans cette carte, dans l'ordre de la carte."""
    centre = carte.postes.centre
    if niveau == "national":
        return Lignes(niveau, ((),), np.zeros(len(centre), dtype=np.int64))
    if niveau == "poste":
        centres, titres = carte.centres.id[centre], carte.titres.id[carte.postes.titre]
        return Lignes(
            niveau, tuple(zip(centres.tolist(), titres.tolist(), strict=True)), np.arange(len(centre))
        )
    if niveau == "centre":
        return Lignes(niveau, tuple((pk,) for pk in carte.centres.id.tolist()), centre)
    if niveau != "direction":
        raise ValueError(f"niveau inconnu : {niveau}")
    directions = carte.centres.direction_id.tolist()
    rangs: dict[int, int] = {}
    du_centre = np.array([rangs.setdefault(pk, len(rangs)) for pk in directions], dtype=np.int64)
    return Lignes(niveau, tuple((pk,) for pk in rangs), du_centre[centre])


class Noms:
    """Qui est chaque ligne d'une carte, ou de plusieurs : la première qui nomme l'emporte."""

    def __init__(self, cartes: Iterable[Carte]) -> None:
        self._directions: dict[int, str] = {}
        self._centres: dict[int, Etiquette] = {}
        self._titres: dict[int, tuple[str, str]] = {}
        for carte in cartes:
            self._ajouter(carte)

    def _ajouter(self, carte: Carte) -> None:
        for titre, *nomme in zip(carte.titres.id.tolist(), carte.titres.nom, carte.titres.code, strict=True):
            self._titres.setdefault(titre, (nomme[0], nomme[1]))
        centres = carte.centres
        ids, directions = centres.id.tolist(), centres.direction_id.tolist()
        for pk, direction, nom, code, libelle in zip(
            ids, directions, centres.nom, centres.code, centres.direction, strict=True
        ):
            if pk not in self._centres:
                self._directions.setdefault(direction, libelle)
                self._centres[pk] = {
                    "direction_id": direction,
                    "direction_label": libelle,
                    "centre_id": pk,
                    "centre_label": nom,
                    "centre_code": code,
                }

    def cle(self, niveau: str, centre: int, titre: int) -> Cle:
        """La ligne de `niveau` où va ce poste."""
        if niveau == "national":
            return ()
        if niveau == "direction":
            return (self._centres[centre]["direction_id"],)
        return (centre,) if niveau == "centre" else (centre, titre)

    def etiquette(self, niveau: str, cle: Cle) -> Etiquette:
        if niveau == "national":
            return {}
        if niveau == "direction":
            return {"direction_id": cle[0], "direction_label": self._directions[cle[0]]}
        centre = self._centres[cle[0]]
        if niveau == "centre":
            return centre.copy()
        nom, code = self._titres[cle[1]]
        return {**centre, "poste_id": cle[1], "poste_label": nom, "poste_code": code}


def etiquettes(carte: Carte, niveau: str) -> list[Etiquette]:
    """Qui est chaque ligne de `lignes(carte, niveau)` : identifiants et noms du jour du calcul."""
    noms = Noms([carte])
    return [noms.etiquette(niveau, cle) for cle in lignes(carte, niveau).cles]
