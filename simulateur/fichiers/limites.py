"""Bornes de lecture et formes rendues. Bibliothèque standard seulement : le processus enfant l'importe."""

from dataclasses import dataclass
from typing import TypedDict

MIO = 1024 * 1024
Valeur = str | int | float | bool | None


class FichierRefuse(Exception):
    """Le fichier n'est pas lu. `str()` est la phrase montrée à l'utilisateur."""


def verifier_taille(octets: int, permise: int) -> None:
    if octets > permise:
        raise FichierRefuse(f"Le fichier fait {en_mio(octets)} : au plus {en_mio(permise)}.")


def en_mio(octets: int) -> str:
    return f"{octets / MIO:.1f} Mio" if octets >= MIO / 10 else f"{octets} octets"


@dataclass(frozen=True)
class Limites:
    """Ce qu'un fichier peut coûter.

    Réglé pour un classeur national (2 000 centres, une vingtaine de cellules chacun) et un refus en moins
    de 2 s : un csv, dix fois plus léger à lire, a droit à plus de cellules.
    """

    parties: int = 6_000
    repertoire_octets: int = MIO
    partie_octets: int = 32 * MIO
    total_octets: int = 48 * MIO
    taux_compression: int = 200
    feuilles: int = 2_500
    lignes: int = 100_000
    colonnes: int = 64
    cellules_xlsx: int = 200_000
    cellules_csv: int = 1_000_000
    caracteres: int = 2_000
    memoire_octets: int = 384 * MIO
    cpu_s: float = 1.7
    attente_s: float = 15.0


@dataclass(frozen=True, slots=True)
class Ligne:
    """`numero` : celui que montre un tableur, à partir de 1. `valeurs` : cellules depuis la colonne A."""

    numero: int
    valeurs: tuple[Valeur, ...]


@dataclass(frozen=True, slots=True)
class Feuille:
    """Feuille d'un classeur, ou le fichier csv entier (`nom` vide). Lignes et fins de ligne vides ôtées."""

    nom: str
    lignes: tuple[Ligne, ...]


class Lu(TypedDict, total=False):
    """Ce que l'enfant rend : `feuilles` [(nom, [(numéro, valeurs)])] ou `refus`, et ce qu'il a coûté."""

    feuilles: list[tuple[str, list[tuple[int, list[Valeur]]]]]
    refus: str
    mesure: dict[str, float]
