"""Bornes de lecture et formes rendues. Bibliothèque standard seulement : le processus enfant l'importe."""

from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict

MIO = 1024 * 1024
Genre = Literal["date", "duree", "erreur", "formule"]
DATE: Genre = "date"
DUREE: Genre = "duree"
ERREUR: Genre = "erreur"
FORMULE: Genre = "formule"


@dataclass(frozen=True, slots=True)
class Speciale:
    """Une cellule de tableur qui n'est ni un texte ni un nombre ; `texte` : ce qu'on en montre.

    Une date, une heure ou une durée (`secondes`), une erreur (« #N/A »), une formule sans valeur enregistrée.
    """

    genre: Genre
    texte: str
    secondes: float = 0.0

    def __str__(self) -> str:
        return self.texte


Valeur = str | int | float | bool | Speciale | None
Rectangle = tuple[int, int, int, int]  # ligne, colonne, ligne, colonne ; à partir de 1, bornes comprises


class FichierRefuse(Exception):
    """Le fichier n'est pas lu. `str()` est la phrase montrée à l'utilisateur."""


def verifier_taille(octets: int, permise: int) -> None:
    if octets > permise:
        raise FichierRefuse(f"Le fichier fait {en_mio(octets)} : au plus {en_mio(permise)}.")


def en_mio(octets: int) -> str:
    return f"{octets / MIO:.1f} Mio" if octets >= MIO / 10 else f"{octets} octets"


@dataclass(frozen=True)
class Limites:
    """Ce qu'un fichier peut coûter ; seules comptent les lignes et les cellules remplies.

    Réglé pour un classeur national (2 000 centres, 22 cellules chacun, cinq colonnes).
    """

    parties: int = 6_000
    repertoire_octets: int = MIO
    partie_octets: int = 160 * MIO
    total_octets: int = 192 * MIO
    taux_compression: int = 200
    feuilles: int = 2_500
    lignes: int = 100_000
    colonnes: int = 64
    cellules: int = 1_000_000
    caracteres: int = 2_000
    memoire_octets: int = 768 * MIO
    cpu_s: float = 6.0
    attente_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Ligne:
    """`numero` : celui que montre un tableur, à partir de 1. `valeurs` : cellules depuis la colonne A."""

    numero: int
    valeurs: tuple[Valeur, ...]


@dataclass(frozen=True, slots=True)
class Feuille:
    """Feuille d'un classeur, ou le fichier csv entier (`nom` vide). Lignes et fins de ligne vides ôtées.

    `lignes_masquees` (ou filtrées) et `colonnes_masquees` : leurs numéros, à partir de 1. `aveugle` : ce
    format ne laisse voir ni elles, ni les cellules en erreur, ni les formules sans valeur.
    """

    nom: str
    lignes: tuple[Ligne, ...]
    masquee: bool = False
    lignes_masquees: frozenset[int] = frozenset()
    colonnes_masquees: frozenset[int] = frozenset()
    fusions: tuple[Rectangle, ...] = ()
    aveugle: bool = False


class FeuilleLue(TypedDict):
    """Une feuille telle que l'enfant la rend ; une cellule spéciale : [genre, texte, secondes]."""

    nom: str
    lignes: list[tuple[int, list[Valeur]]]
    masquee: NotRequired[bool]
    lignes_masquees: NotRequired[list[int]]
    colonnes_masquees: NotRequired[list[int]]
    fusions: NotRequired[list[Rectangle]]


class Lu(TypedDict, total=False):
    """Ce que l'enfant rend : `feuilles` ou `refus`, et ce qu'il a coûté."""

    feuilles: list[FeuilleLue]
    refus: str
    mesure: dict[str, float]
