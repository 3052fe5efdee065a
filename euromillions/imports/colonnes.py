"""Reconnaître un format à ses noms de colonnes : la place d'une colonne ne compte jamais."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from euromillions.imports.dates import sans_accent
from simulateur.fichiers.limites import FichierRefuse

SEPARATEURS = (";", ",", "\t", "|")
LIGNES_AVANT_ENTETE_MAX = 30
LONGUEUR_LIGNE_MAX = 50_000

_GAGNANTS = re.compile(r"nombre_de_gagnants?_au_rang_?([0-9]{1,2})(?:_euro_?millions)?_en_(france|europe)")
_RAPPORT = re.compile(r"rapport_du_rang_?([0-9]{1,2})(?:_euro_?millions)?")


@dataclass(frozen=True)
class Disposition:
    """Noms (normalisés) des colonnes d'une famille de fichiers."""

    famille: str
    date: tuple[str, ...]
    boules: tuple[str, ...]
    etoiles: tuple[str, ...]
    jour: str = ""
    croissant: tuple[str, str] | None = None

    @property
    def exigees(self) -> tuple[str, ...]:
        return (*self.date, *self.boules, *self.etoiles)


def _suite(prefixe: str, nombre: int) -> tuple[str, ...]:
    return tuple(f"{prefixe}{i}" for i in range(1, nombre + 1))


FDJ = Disposition(
    famille="fdj",
    date=("date_de_tirage",),
    boules=_suite("boule_", 5),
    etoiles=_suite("etoile_", 2),
    jour="jour_de_tirage",
    croissant=("boules_gagnantes_en_ordre_croissant", "etoiles_gagnantes_en_ordre_croissant"),
)
NATIONAL_LOTTERY = Disposition(
    famille="national-lottery",
    date=("drawdate",),
    boules=_suite("ball_", 5),
    etoiles=_suite("lucky_star_", 2),
    jour="day",
)
MERSEYWORLD = Disposition(
    famille="merseyworld",
    date=("dd", "mmm", "yyyy"),
    boules=_suite("n", 5),
    etoiles=_suite("l", 2),
    jour="day",
)
GENERIQUE = Disposition(
    famille="generique", date=("date",), boules=_suite("n", 5), etoiles=_suite("e", 2), jour="jour"
)
# Les noms que d'autres fichiers donnent aux colonnes du format générique.
_ALIAS = (
    (re.compile(r"(?:draw_?date|date_(?:de_)?tirage|datetime)"), "date"),
    (re.compile(r"(?:n|b|num|numero|number|ball|boule)_?([1-5])"), "n"),
    (re.compile(r"(?:e|s|l|star|etoile|lucky|lucky_?star)_?([12])"), "e"),
    (re.compile(r"(?:day|weekday|day_of_week|jour_de_tirage)"), "jour"),
)
DISPOSITIONS = (FDJ, NATIONAL_LOTTERY, MERSEYWORLD, GENERIQUE)


@dataclass(frozen=True)
class Entete:
    """Ligne d'en-tête reconnue : `places` va du nom normalisé à la position, `titres` aux noms écrits."""

    disposition: Disposition
    separateur: str
    numero_ligne: int
    places: Mapping[str, int]
    titres: Sequence[str]
    gagnants: Mapping[tuple[int, str], int]
    rapports: Mapping[int, int]

    @property
    def rangs(self) -> list[int]:
        return sorted({rang for rang, _ in self.gagnants} | set(self.rapports))

    def titre(self, nom: str) -> str:
        return self.titres[self.places[nom]]


def couper(ligne: str, separateur: str) -> list[str]:
    """Cellules d'une ligne. Chaque ligne est coupée seule : un guillemet perdu n'en avale pas d'autres."""
    return next(csv.reader([ligne], delimiter=separateur), [])


def normaliser(titre: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", sans_accent(titre)).strip("_")


def trouver_entete(lignes: Sequence[str]) -> Entete:
    """Première ligne qui porte toutes les colonnes d'une disposition connue ; FichierRefuse sinon."""
    meilleur: tuple[int, str] = (0, "")
    for numero_ligne, ligne in enumerate(lignes[:LIGNES_AVANT_ENTETE_MAX], 1):
        if len(ligne) > LONGUEUR_LIGNE_MAX:
            continue
        for separateur in SEPARATEURS:
            titres = couper(ligne, separateur)
            noms = [normaliser(titre) for titre in titres]
            for disposition in DISPOSITIONS:
                connus = _sans_alias(noms) if disposition is GENERIQUE else noms
                manquantes = [nom for nom in disposition.exigees if nom not in connus]
                if not manquantes:
                    return _entete(disposition, separateur, numero_ligne, titres, connus)
                presentes = len(disposition.exigees) - len(manquantes)
                if presentes > max(meilleur[0], 2):
                    ecart = f"ligne {numero_ligne}, colonne manquante : {', '.join(manquantes)}"
                    meilleur = (presentes, ecart)
    detail = f" Le plus proche : {meilleur[1]}." if meilleur[1] else ""
    raise FichierRefuse(
        "Format non reconnu : aucune ligne d'en-tête de l'opérateur français, de la loterie britannique, "
        f"de merseyworld ni du format « date,n1..n5,e1,e2 ».{detail}"
    )


def _sans_alias(noms: Sequence[str]) -> list[str]:
    """Les mêmes noms, ceux des alias ramenés à ceux du format générique."""
    return [_nom_generique(nom) for nom in noms]


def _nom_generique(nom: str) -> str:
    for motif, generique in _ALIAS:
        if trouve := motif.fullmatch(nom):
            return generique + "".join(trouve.groups())
    return nom


def _entete(
    disposition: Disposition, separateur: str, numero_ligne: int, titres: list[str], noms: list[str]
) -> Entete:
    doubles = sorted({nom for nom in disposition.exigees if noms.count(nom) > 1})
    if doubles:
        raise FichierRefuse(f"Ligne {numero_ligne} : la colonne {', '.join(doubles)} apparaît deux fois.")
    gagnants: dict[tuple[int, str], int] = {}
    rapports: dict[int, int] = {}
    for place, nom in enumerate(noms):
        if trouve := _GAGNANTS.fullmatch(nom):
            gagnants[int(trouve.group(1)), trouve.group(2)] = place
        elif trouve := _RAPPORT.fullmatch(nom):
            rapports[int(trouve.group(1))] = place
    return Entete(
        disposition=disposition,
        separateur=separateur,
        numero_ligne=numero_ligne,
        places={nom: noms.index(nom) for nom in noms if nom},
        titres=titres,
        gagnants=gagnants,
        rapports=rapports,
    )
