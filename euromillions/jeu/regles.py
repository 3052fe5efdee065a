"""Les règles dites sans calcul : noms des stratégies, et ce qui rend un tirage valable, en français.

La même règle sert la saisie, l'API et les imports. Rien ici n'importe numpy : les modèles s'y servent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from euromillions.jeu.eres import ETOILES_TIREES, NUMEROS_TIRES

FREQUENCE = "frequency_based"
ECART = "gap_based"
COMBINAISON = "combination_based"
HASARD = "random"
STRATEGIES = (FREQUENCE, ECART, COMBINAISON, HASARD)

JOURS_SEMAINE = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


class EreDuJeu(Protocol):
    """Ce que les règles lisent d'une ère (`euromillions.models.Ere` convient)."""

    debut: date
    fin: date | None
    numeros_max: int
    etoiles_max: int
    jours: str


@dataclass(frozen=True)
class Faute:
    """Une règle enfreinte : champ (`date`, `numeros` ou `etoiles`) et phrase."""

    champ: str
    message: str


def nom_du_jour(jour_iso: int) -> str:
    """1 → « lundi » … 7 → « dimanche »."""
    return JOURS_SEMAINE[jour_iso - 1]


def fautes_du_tirage(
    jour: date,
    numeros: Sequence[int],
    etoiles: Sequence[int],
    *,
    eres: Iterable[EreDuJeu],
    aujourdhui: date,
) -> list[Faute]:
    """Toutes les fautes d'un tirage ; liste vide s'il est valable. L'ordre des boules n'importe pas."""
    eres = list(eres)
    ere = next((ere for ere in eres if ere.debut <= jour and (ere.fin is None or jour <= ere.fin)), None)
    if ere is None:
        return [Faute("date", message_hors_ere(jour, eres))]
    fautes = []
    if jour > aujourdhui:
        fautes.append(Faute("date", f"Le {jour:%d/%m/%Y} est à venir : ce tirage n'a pas eu lieu."))
    if str(jour.isoweekday()) not in ere.jours:
        admis = " ou ".join(nom_du_jour(int(chiffre)) for chiffre in ere.jours)
        fautes.append(
            Faute(
                "date", f"Le {jour:%d/%m/%Y} est un {nom_du_jour(jour.isoweekday())} ; on tirait le {admis}."
            )
        )
    fautes += _fautes_des_boules("numeros", numeros, NUMEROS_TIRES, ere.numeros_max)
    fautes += _fautes_des_boules("etoiles", etoiles, ETOILES_TIREES, ere.etoiles_max)
    return fautes


def message_hors_ere(jour: date, eres: Iterable[EreDuJeu]) -> str:
    debuts = [ere.debut for ere in eres]
    if debuts and jour < min(debuts):
        return f"Le {jour:%d/%m/%Y} précède le premier tirage du jeu ({min(debuts):%d/%m/%Y})."
    return f"Le {jour:%d/%m/%Y} n'appartient à aucune ère du jeu."


def est_un_ordre_de(ordre: str, boules: Sequence[int]) -> bool:
    """Vrai si « 28-16-20-22-11 » énumère exactement ces boules."""
    morceaux = ordre.split("-")
    return all(m.isascii() and m.isdigit() for m in morceaux) and sorted(map(int, morceaux)) == sorted(boules)


def _fautes_des_boules(champ: str, boules: Sequence[int], attendues: int, maximum: int) -> list[Faute]:
    nom, donne = ("étoile", "donnée") if champ == "etoiles" else ("numéro", "donné")
    fautes = []
    if len(boules) != attendues:
        pluriel = "s" if len(boules) > 1 else ""
        fautes.append(Faute(champ, f"Il faut {attendues} {nom}s, {len(boules)} {donne}{pluriel}."))
    dehors = [boule for boule in boules if not 1 <= boule <= maximum]
    if dehors:
        fautes.append(Faute(champ, f"{nom} {dehors[0]} hors de la réserve de cette date (1 à {maximum})."))
    doubles = sorted({boule for boule in boules if list(boules).count(boule) > 1})
    if doubles:
        fautes.append(Faute(champ, f"{nom} {doubles[0]} {donne} deux fois."))
    return fautes
