"""Ce qu'une lecture de fichier rend : lignes lues, lignes refusées, remarques. Aucun Django ici."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

# Cinq numéros et deux étoiles, rangés.
Boules = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass
class RegleEre:
    """Une ère telle que `euromillions.jeu.regles` la lit, et son nombre de rangs de gain."""

    debut: date
    fin: date | None
    numeros_max: int
    etoiles_max: int
    jours: str
    rangs: int


@dataclass(frozen=True)
class GainLu:
    """Un rang d'un tirage : gagnants (None = le fichier se tait) et gain par gagnant en euros."""

    rang: int
    gagnants_france: int | None
    gagnants_europe: int | None
    rapport: Decimal


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
    def boules(self) -> Boules:
        return self.numeros, self.etoiles


@dataclass(frozen=True)
class LigneInvalide:
    """Une ligne écartée. `hors_jeu` : la ligne est bien formée mais viole les règles de son ère."""

    numero_ligne: int
    colonne: str
    valeur: str
    raison: str
    hors_jeu: bool = False

    def __str__(self) -> str:
        ou = f"ligne {self.numero_ligne}"
        return (
            f"{ou}, colonne « {self.colonne} » : {self.raison}" if self.colonne else f"{ou} : {self.raison}"
        )


@dataclass(frozen=True)
class Remarque:
    """Ce qu'il faut savoir sans qu'un tirage soit écarté ; `numero_ligne` None : du fichier entier."""

    numero_ligne: int | None
    texte: str


@dataclass(frozen=True)
class FichierLu:
    """Résultat de la lecture d'un fichier.

    `lues` : tirages triés par date, une date au plus une fois ; `doublons` : répétitions exactes
    (même date, mêmes boules) dans le fichier, en plus de `lues`. `ordre_date` : jour d'abord ou mois
    d'abord, quand des dates s'écrivent en chiffres.
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
    ordre_date: str = ""
