"""Les ères du jeu et leurs rangs de gain, tels que les règlements successifs les ont fixés.

Ce module ne sert qu'à remplir les tables `Ere` et `Rang` (migration de données, base vidée par un test) :
partout ailleurs, les lignes de la base décident. Source : règlements publiés par l'opérateur français.
"""

from dataclasses import dataclass
from datetime import date
from math import comb
from typing import Any

NUMEROS_TIRES = 5
ETOILES_TIREES = 2
VENDREDI = "5"
MARDI_ET_VENDREDI = "25"

# (numéros, étoiles) du rang 1 au dernier.
_RANGS_ANCIENS = (
    (5, 2), (5, 1), (5, 0), (4, 2), (4, 1), (4, 0), (3, 2), (2, 2), (3, 1), (3, 0), (1, 2), (2, 1),
)  # fmt: skip
_RANGS_2011 = (*_RANGS_ANCIENS, (2, 0))
_RANGS_2016 = (*_RANGS_2011[:5], (3, 2), (4, 0), *_RANGS_2011[7:])


@dataclass(frozen=True)
class EreConnue:
    code: str
    nom: str
    debut: date
    fin: date | None
    numeros_max: int
    etoiles_max: int
    jours: str
    rangs: tuple[tuple[int, int], ...]


ERES_CONNUES = (
    EreConnue(
        "9-etoiles", "2 étoiles sur 9", date(2004, 2, 13), date(2011, 5, 6), 50, 9, VENDREDI, _RANGS_ANCIENS
    ),
    EreConnue(
        "11-etoiles",
        "2 étoiles sur 11",
        date(2011, 5, 10),
        date(2016, 9, 23),
        50,
        11,
        MARDI_ET_VENDREDI,
        _RANGS_2011,
    ),
    EreConnue(
        "12-etoiles", "2 étoiles sur 12", date(2016, 9, 27), None, 50, 12, MARDI_ET_VENDREDI, _RANGS_2016
    ),
)


def combinaisons_totales(numeros_max: int, etoiles_max: int) -> int:
    """Nombre de grilles possibles."""
    return comb(numeros_max, NUMEROS_TIRES) * comb(etoiles_max, ETOILES_TIREES)


def combinaisons_du_rang(numeros_max: int, etoiles_max: int, numeros: int, etoiles: int) -> int:
    """Nombre de tirages qui donnent à une grille exactement `numeros` numéros et `etoiles` étoiles."""
    return (
        comb(NUMEROS_TIRES, numeros)
        * comb(numeros_max - NUMEROS_TIRES, NUMEROS_TIRES - numeros)
        * comb(ETOILES_TIREES, etoiles)
        * comb(etoiles_max - ETOILES_TIREES, ETOILES_TIREES - etoiles)
    )


def installer_eres(modele_ere: Any, modele_rang: Any) -> None:
    """Remplit les ères et leurs rangs si aucune ère n'existe ; ne réécrit jamais une ligne présente."""
    if modele_ere.objects.exists():
        return
    for connue in ERES_CONNUES:
        ere = modele_ere.objects.create(
            code=connue.code,
            nom=connue.nom,
            debut=connue.debut,
            fin=connue.fin,
            numeros_max=connue.numeros_max,
            etoiles_max=connue.etoiles_max,
            jours=connue.jours,
        )
        modele_rang.objects.bulk_create(
            modele_rang(
                ere=ere,
                numero=rang,
                numeros=numeros,
                etoiles=etoiles,
                combinaisons=combinaisons_du_rang(connue.numeros_max, connue.etoiles_max, numeros, etoiles),
            )
            for rang, (numeros, etoiles) in enumerate(connue.rangs, start=1)
        )
