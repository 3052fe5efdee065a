"""Les tâches actives de quelques centres, en colonnes : la part de la compilation qui grandit avec le réseau.

PostgreSQL rend chaque colonne en un seul tableau binaire, que numpy lit sans boucle ; ailleurs, un curseur
ordinaire rend des lignes. Les deux chemins rendent les mêmes colonnes, dans le même ordre.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import BigIntegerField, F, FloatField, QuerySet
from django.db.models.functions import Cast, Coalesce

from referentiels.models import Tache
from simulations.moteur.carte import Entiers, Flottants

LOT_CENTRES = 250
LOT_LIGNES = 2000
SEPARATEUR = "\x1e"
Avancement = Callable[[int, int], None]
ENTETE_COPIE = 19 + 2  # signature, drapeaux et extension, puis le nombre de champs de l'unique ligne
ENTETE_TABLEAU = 20  # dimensions, drapeau de nuls, type, longueur, borne


@dataclass(frozen=True)
class Colonnes:
    """T tâches triées par (centre, ordre, identifiant), en identifiants de base ; phase 0 : aucune.

    `duree` en secondes par unité ; `nom` et `famille` : rangs dans `noms`, triés et sans doublon.
    """

    pk: Entiers
    centre: Entiers
    ordre: Entiers
    poste: Entiers
    produit: Entiers
    unite: Entiers
    phase: Entiers
    base: Entiers
    duree: Flottants
    nom: Entiers
    famille: Entiers
    noms: tuple[str, ...]


NUMERIQUES = tuple(champ.name for champ in fields(Colonnes))[:9]


class _Textes:
    """Les libellés vus, chacun une fois, par rang d'arrivée."""

    def __init__(self) -> None:
        self._rangs: dict[str, int] = {}

    def ranger(self, textes: Sequence[str]) -> Entiers:
        for texte in dict.fromkeys(textes):
            self._rangs.setdefault(texte, len(self._rangs))
        return np.fromiter(map(self._rangs.__getitem__, textes), dtype=np.int64, count=len(textes))

    def tries(self) -> tuple[tuple[str, ...], Entiers]:
        """Les libellés dans l'ordre alphabétique, et le nouveau rang de chaque ancien."""
        ordre = sorted(self._rangs, key=self._rangs.__getitem__)
        noms = tuple(sorted(ordre))
        nouveaux = {nom: rang for rang, nom in enumerate(noms)}
        return noms, np.array([nouveaux[nom] for nom in ordre], dtype=np.int64)


def lire(centre_ids: Sequence[int], avancer: Avancement | None = None) -> Colonnes:
    """Les tâches actives de ces centres. `avancer(centres lus, centres)` après chaque lot."""
    textes = _Textes()
    lots: list[tuple[np.ndarray, ...]] = []
    for debut in range(0, len(centre_ids), LOT_CENTRES):
        lots.append(_lire_un_lot(centre_ids[debut : debut + LOT_CENTRES], textes))
        if avancer is not None:
            avancer(min(debut + LOT_CENTRES, len(centre_ids)), len(centre_ids))
    return _assembler(lots, textes)


def _lire_un_lot(centre_ids: Sequence[int], textes: _Textes) -> tuple[np.ndarray, ...]:
    """Les neuf colonnes de nombres, puis les deux de libellés, dans l'ordre où la base les rend."""
    taches = _taches(centre_ids)
    lues = _agregees(taches) if connection.vendor == "postgresql" else None
    *nombres, nom, famille = _ligne_a_ligne(taches) if lues is None else lues
    return (*nombres, textes.ranger(nom), textes.ranger(famille))


def _taches(centre_ids: Sequence[int]) -> "QuerySet[Tache, Any]":
    entier = BigIntegerField()
    return (
        Tache.objects.actives()
        .filter(centre_poste__centre_id__in=centre_ids)
        .order_by()
        .values_list(
            Cast("pk", entier),
            Cast("centre_poste__centre_id", entier),
            Cast("ordre", entier),
            Cast("centre_poste_id", entier),
            Cast("produit_id", entier),
            Cast("unite_id", entier),
            Cast(Coalesce("phase_id", 0), entier),
            Cast("base_calcul", entier),
            Cast("duree_secondes", FloatField()),
            F("nom"),
            F("famille"),
        )
    )


def _ligne_a_ligne(taches: "QuerySet[Tache, Any]") -> list[Any]:
    lots: list[list[Any]] = []
    # Des valeurs simples : le curseur les rend telles quelles, deux fois plus vite que par l'ORM.
    with connection.cursor() as curseur:
        curseur.execute(*taches.query.sql_with_params())
        while lot := curseur.fetchmany(LOT_LIGNES):
            lots.append([*zip(*lot, strict=True)])
    if not lots:
        return [*_vides(), [], []]
    nombres = [
        np.concatenate([np.array(lot[rang], dtype=_genre(rang)) for lot in lots])
        for rang in range(len(NUMERIQUES))
    ]
    return [*nombres, *([texte for lot in lots for texte in lot[rang]] for rang in (-2, -1))]


def _agregees(taches: "QuerySet[Tache, Any]") -> list[Any] | None:
    """Une seule ligne de onze champs, en COPY binaire. None si un libellé contient le séparateur."""
    sql, valeurs = taches.query.sql_with_params()
    colonnes = [f"c{rang}" for rang in range(len(NUMERIQUES) + 2)]
    tableaux = [f"array_agg({nom})" for nom in colonnes[:-2]]
    libelles = [f"string_agg({nom}, chr({ord(SEPARATEUR)}))" for nom in colonnes[-2:]]
    ordre = (
        f"COPY (SELECT {', '.join(tableaux + libelles)} FROM ({sql}) AS t({', '.join(colonnes)}))"
        " TO STDOUT (FORMAT BINARY)"
    )
    with connection.cursor() as curseur, curseur.copy(ordre, valeurs) as copie:
        champs = _champs(b"".join(copie))
    if champs[0] is None:
        return [*_vides(), [], []]
    nombres = [_tableau(champ, rang) for rang, champ in enumerate(champs[: len(NUMERIQUES)])]
    textes = [(champ or b"").decode().split(SEPARATEUR) for champ in champs[len(NUMERIQUES) :]]
    if any(len(texte) != len(nombres[0]) for texte in textes):
        return None
    return [*nombres, *textes]


def _champs(octets: bytes) -> list[bytes | None]:
    """Les champs de l'unique ligne d'une COPY binaire ; None pour NULL."""
    champs: list[bytes | None] = []
    place = ENTETE_COPIE
    for _ in range(len(NUMERIQUES) + 2):
        (longueur,) = struct.unpack_from("!i", octets, place)
        place += 4
        champs.append(None if longueur < 0 else octets[place : place + longueur])
        place += max(0, longueur)
    return champs


def _tableau(champ: bytes | None, rang: int) -> np.ndarray:
    """Un tableau PostgreSQL sans nul : chaque élément est précédé de sa longueur."""
    elements = np.frombuffer(
        champ or b"", dtype=[("longueur", ">i4"), ("valeur", f">{_genre(rang)}")], offset=ENTETE_TABLEAU
    )
    return elements["valeur"].astype(_genre(rang))


def _genre(rang: int) -> str:
    return "f8" if NUMERIQUES[rang] == "duree" else "i8"


def _vides() -> list[np.ndarray]:
    return [np.zeros(0, dtype=_genre(rang)) for rang in range(len(NUMERIQUES))]


def _assembler(lots: list[tuple[np.ndarray, ...]], textes: _Textes) -> Colonnes:
    colonnes = [np.concatenate(colonne) for colonne in zip(*lots, strict=True)] or [
        *_vides(),
        *(np.zeros(0, dtype=np.int64),) * 2,
    ]
    pk, centre, ordre = colonnes[:3]
    # L'ordre se fait ici : celui d'un agrégat n'est promis par aucune base.
    tri = np.lexsort((pk, ordre, centre))
    noms, nouveaux = textes.tries()
    triees = dict(zip(NUMERIQUES, (colonne[tri] for colonne in colonnes[:-2]), strict=True))
    nom, famille = (nouveaux[colonne[tri]] for colonne in colonnes[-2:])
    return Colonnes(**triees, nom=nom, famille=famille, noms=noms)
