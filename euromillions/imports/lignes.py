"""Ce qu'une lecture de fichier rend : lignes lues, lignes refusées, remarques. Aucun Django ici."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


class FichierRefuse(Exception):
    """Le fichier entier est illisible ; `str()` est la phrase montrée à l'utilisateur."""


@dataclass(frozen=True)
class RegleEre:
    """Règles d'une période du jeu. `fin` est inclus, None = toujours ; `jours` : 0 = lundi."""

    debut: date
    fin: date | None
    numero_max: int
    etoile_max: int
    jours: frozenset[int]
    rangs: int

    def couvre(self, jour: date) -> bool:
        return self.debut <= jour and (self.fin is None or jour <= self.fin)


@dataclass(frozen=True)
class GainLu:
    """Un rang d'un tirage : nombres de gagnants et gain unitaire en euros ; None = le fichier se tait."""

    rang: int
    gagnants_france: int | None
    gagnants_europe: int | None
    rapport: Decimal | None


@dataclass(frozen=True)
class LigneLue:
    """Un tirage bien formé et conforme à son ère. `ordre_physique` : 5 boules puis 2 étoiles, ou None."""

    numero_ligne: int
    date: date
    numeros: tuple[int, ...]
    etoiles: tuple[int, ...]
    ordre_physique: tuple[int, ...] | None = None
    gains: tuple[GainLu, ...] = ()
    jour_annonce: str | None = None

    @property
    def boules(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return self.numeros, self.etoiles


@dataclass(frozen=True)
class LigneInvalide:
    """Une ligne écartée. `motif` : classe de l'erreur, pour juger le fichier entier."""

    numero_ligne: int
    colonne: str
    valeur: str
    raison: str
    motif: str = "forme"

    def __str__(self) -> str:
        ou = f"ligne {self.numero_ligne}, colonne « {self.colonne} »" if self.colonne else ""
        return f"{ou or f'ligne {self.numero_ligne}'} : {self.raison}"


@dataclass(frozen=True)
class Remarque:
    """Un détail écarté sans que le tirage le soit (gain illisible, compte impossible)."""

    numero_ligne: int
    texte: str


@dataclass(frozen=True)
class Lecture:
    """Résultat de la lecture d'un fichier.

    `lues` : tirages triés par date, une date au plus une fois ; `doublons` : répétitions exactes
    (même date, mêmes boules) dans le fichier, en plus de `lues`.
    """

    format: str
    encodage: str
    separateur: str
    fins_de_ligne: str
    style_date: str
    lignes: int
    lues: tuple[LigneLue, ...]
    invalides: tuple[LigneInvalide, ...]
    doublons: int = 0
    remarques: tuple[Remarque, ...] = field(default=())
