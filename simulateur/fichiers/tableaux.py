"""Écrire des tableaux qu'un tableur ouvre et qu'un import relit tels quels : csv à la française, ou classeur.

Un texte reste un texte, une formule n'est jamais écrite. Un nombre de trois décimales en reçoit une quatrième
dans le csv : « 1234,567 » se lirait aussi comme un millier.
"""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from simulateur.fichiers.ecriture import cellule_sure

LARGEUR_MIN, LARGEUR_MAX = 10, 48  # caractères
SEUIL_MEMOIRE = 16 * 2**20
TYPES_MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMATS = tuple(TYPES_MIME)


@dataclass(frozen=True)
class Tableau:
    """Une feuille. `lignes` peut être un flux : il n'est parcouru qu'une fois."""

    nom: str
    entetes: Sequence[str]
    lignes: Iterable[Sequence[Any]]


@dataclass(frozen=True)
class Fichier:
    """À télécharger ou à écrire. `nom` : ASCII, sans rien qui vienne d'autre chose que de codes épurés."""

    nom: str
    type_mime: str
    octets: bytes


def en_fichier(radical: str, format_: str, tableaux: Sequence[Tableau]) -> Fichier:
    epure = re.sub(r"[^A-Za-z0-9_-]", "-", radical)
    return Fichier(f"{epure}.{format_}", TYPES_MIME[format_], en_octets(format_, tableaux))


def en_octets(format_: str, tableaux: Sequence[Tableau]) -> bytes:
    """Le fichier. Un csv n'a qu'un tableau : le premier."""
    with tempfile.SpooledTemporaryFile(max_size=SEUIL_MEMOIRE) as fichier:
        if format_ == "csv":
            ecrire_csv(fichier, tableaux[0])
        else:
            ecrire_xlsx(fichier, tableaux)
        fichier.seek(0)
        return fichier.read()


def ecrire_csv(fichier: IO[bytes], tableau: Tableau) -> None:
    """UTF-8 avec marque et « ; »."""
    texte = io.TextIOWrapper(fichier, "utf-8-sig", newline="", write_through=True)
    ecrivain = csv.writer(texte, delimiter=";")
    ecrivain.writerow(tableau.entetes)
    ecrivain.writerows([_en_texte(valeur) for valeur in ligne] for ligne in tableau.lignes)
    texte.detach()


def _en_texte(valeur: Any) -> Any:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, int):
        return str(valeur)
    if isinstance(valeur, float | Decimal):
        return nombre_sans_equivoque(valeur)
    return cellule_sure(valeur)


def nombre_sans_equivoque(valeur: float | Decimal) -> str:
    """12.5 → « 12,5 » ; 1234.567 → « 1234,5670 » ; jamais d'exposant."""
    entier, _, decimales = format(
        Decimal(repr(valeur) if isinstance(valeur, float) else valeur), "f"
    ).partition(".")
    decimales = decimales.rstrip("0")
    if not decimales:
        return entier
    return f"{entier},{decimales}{'0' if len(decimales) == 3 else ''}"


def ecrire_xlsx(fichier: IO[bytes], tableaux: Iterable[Tableau]) -> None:
    """Un classeur : en-têtes en gras et figés, colonnes à leur largeur."""
    with ouvrir_classeur(fichier) as classeur:
        gras = classeur.add_format({"bold": True, "bottom": 1})
        for tableau in tableaux:
            feuille = classeur.add_worksheet(tableau.nom[:31])
            feuille.freeze_panes(1, 0)
            for colonne, entete in enumerate(tableau.entetes):
                feuille.set_column(colonne, colonne, min(LARGEUR_MAX, max(LARGEUR_MIN, len(entete) + 2)))
                feuille.write_string(0, colonne, entete, gras)
            for rang, ligne in enumerate(tableau.lignes, 1):
                for colonne, valeur in enumerate(ligne):
                    _ecrire(feuille, rang, colonne, valeur)


def ouvrir_classeur(fichier: IO[bytes]) -> Any:
    """Écrit à mesure, ligne par ligne ; un texte n'y devient ni formule ni lien."""
    import xlsxwriter  # à l'usage : chaque démarrage du site le paierait

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    return xlsxwriter.Workbook(fichier, options)


def _ecrire(feuille: Any, rang: int, colonne: int, valeur: Any) -> None:
    if valeur is None or valeur == "":
        return
    if isinstance(valeur, bool):
        feuille.write_string(rang, colonne, "oui" if valeur else "non")
    elif isinstance(valeur, int | float | Decimal):
        feuille.write_number(rang, colonne, valeur)
    else:
        feuille.write_string(rang, colonne, cellule_sure(valeur) if str(valeur)[0] == "'" else str(valeur))
