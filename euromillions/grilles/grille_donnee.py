"""Lire une grille donnée à la main : mêmes règles pour la page et l'API, d'après l'ère."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from euromillions.jeu.regles import fautes_du_tirage
from euromillions.models import Ere

GRILLES_MAX = 1000
CHAMPS = {"numeros": "numbers", "etoiles": "stars", "date": "era"}
ETOILES_QUELCONQUES = (1, 2)


class GrilleFautive(Exception):
    """`champs` : {champ: [phrases]}."""

    def __init__(self, champs: dict[str, list[str]]) -> None:
        super().__init__(" ".join(phrase for phrases in champs.values() for phrase in phrases))
        self.champs = champs


@dataclass(frozen=True)
class GrilleDonnee:
    """Boules croissantes ; `etoiles` peut être vide quand seul le score des numéros est demandé."""

    numeros: tuple[int, ...]
    etoiles: tuple[int, ...] = ()


def lire_grille(numeros: Any, etoiles: Any, ere: Ere, *, etoiles_exigees: bool = False) -> GrilleDonnee:
    """Lève GrilleFautive : boules illisibles, en double, en mauvais nombre ou hors de l'urne de l'ère."""
    champs: dict[str, list[str]] = {}
    lus = {nom: _boules(brut, nom, champs) for nom, brut in (("numbers", numeros), ("stars", etoiles))}
    if champs:
        raise GrilleFautive(champs)
    etoiles_lues = lus["stars"] or (() if etoiles_exigees else ETOILES_QUELCONQUES)
    for faute in fautes_du_tirage(ere.debut, lus["numbers"], etoiles_lues, eres=[ere], aujourdhui=date.max):
        champs.setdefault(CHAMPS[faute.champ], []).append(
            faute.message.replace("de cette date", f"de l'ère « {ere.nom} »")
        )
    if champs:
        raise GrilleFautive(champs)
    return GrilleDonnee(tuple(sorted(lus["numbers"])), tuple(sorted(lus["stars"])))


def lire_texte(texte: str, ere: Ere, *, etoiles_exigees: bool = False) -> GrilleDonnee:
    """« 7 14 23 38 42 / 2 11 » : numéros, puis étoiles après une barre."""
    numeros, _, etoiles = texte.partition("/")
    return lire_grille(numeros, etoiles, ere, etoiles_exigees=etoiles_exigees)


def choisir_ere(code: Any) -> Ere:
    """L'ère de ce code, ou l'ère en cours. Lève GrilleFautive si elle n'existe pas."""
    eres = list(Ere.objects.dans_l_ordre())
    if code in (None, ""):
        choisie = next((ere for ere in eres if ere.fin is None), eres[-1] if eres else None)
    else:
        choisie = next((ere for ere in eres if ere.code == code), None)
    if choisie is None:
        admises = ", ".join(ere.code for ere in eres)
        raise GrilleFautive({"era": [f"Ère inconnue. Valeurs admises : {admises}."]})
    return choisie


def _boules(brut: Any, nom: str, champs: dict[str, list[str]]) -> tuple[int, ...]:
    """Une liste d'entiers, ou un texte « 7, 14 23 »."""
    if brut is None:
        return ()
    morceaux: Sequence[Any] = (
        brut if isinstance(brut, list | tuple) else re.split(r"[\s,;-]+", str(brut).strip())
    )
    morceaux = [m for m in morceaux if m != ""]
    faux = [m for m in morceaux if not re.fullmatch(r"[0-9]{1,3}", str(m))]
    if faux or len(morceaux) > 10:
        champs[nom] = ["Des nombres entiers séparés par des virgules sont attendus."]
        return ()
    return tuple(int(m) for m in morceaux)
