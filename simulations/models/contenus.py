"""Ce que contiennent les colonnes JSON d'une simulation et d'un scénario."""

from typing import NotRequired, TypedDict


class VolumeSaisi(TypedDict):
    """Un volume annuel saisi pour une cellule d'un centre ; il remplace celui du référentiel."""

    centre_id: int
    cellule: str
    volume: float


class Oublis(TypedDict):
    """Des centres à nommer : leur nombre, et les premiers noms."""

    nombre: int
    noms: list[str]


class SeuilsDeDecision(TypedDict):
    """En % de l'effectif présent."""

    recruter: float
    surveiller: float
    optimiser: float


class CouvertureAnnee(TypedDict):
    """Ce que l'année couvre des centres à tâches du calcul ; `part` en %.

    `partiels` : moins de la moitié des cellules du centre médian de leur typologie.
    """

    annee: int
    centres: int
    couverts: int
    part: float
    partiels: NotRequired[Oublis]


class ConstatDeRejeu(TypedDict):
    """Ce qu'un rejeu a retrouvé de l'original, et ce qui a changé dans le référentiel depuis."""

    original: str | None
    identique: bool | None
    version_moteur_originale: str | None
    referentiel_change: bool
    directions_changees: list[int]
    volumes_changes: bool
    centres_aux_volumes_changes: int


class Rapport(TypedDict, total=False):
    """Ce que l'utilisateur doit savoir de sa demande : lignes comptées, noms inconnus, oublis, constats."""

    total_lignes: int
    matched_centres: int
    unknown_centres: list[str]
    ignored_centres: list[str]
    ignored_fields: list[str]
    inactive_centres: list[str]
    moi_seulement: bool
    seuils: SeuilsDeDecision
    scenario: str
    centres_sans_volume: Oublis
    couverture_annee: CouvertureAnnee
    rejeu: ConstatDeRejeu
