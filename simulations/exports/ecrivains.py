"""Écrire des feuilles : un classeur xlsx, ou une archive d'un csv par feuille. Aucune formule.

Les feuilles que l'on regarde sont mises en forme (`classeur`). Les lignes d'une feuille longue sont écrites
telles quelles dans l'archive, à mesure : ni la mémoire ni le temps ne dépendent d'un modèle de cellules. Une
annulation est vue entre deux lots.
"""

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import IO, Any
from xml.sax.saxutils import escape

from django.utils import timezone

from simulateur.fichiers.ecriture import cellule_sure
from simulations.exports.classeur import INTERDITS_XML, LIGNES_PAR_FEUILLE, PAS, Compteur, ecrire_autour
from simulations.exports.feuille import Feuille

COMPRESSION = 3  # deux fois plus rapide que 6, pour un fichier un peu plus gros
A_CORRIGER = re.compile(r"[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOM_MAX = 60  # caractères
FIN_FEUILLE = "</sheetData></worksheet>"
LARGEUR_LONGUE = 18  # caractères
Avancement = Callable[[int], None]
Conversion = Callable[[Any], str]


class Conversions(dict[type, Conversion]):
    """Type d'une valeur → son écriture, cherchée dans les règles une seule fois par type."""

    def __init__(self, *regles: tuple[type, Conversion]) -> None:
        super().__init__()
        self._regles = regles

    def __missing__(self, type_: type) -> Conversion:
        self[type_] = next(ecrire for base, ecrire in self._regles if issubclass(type_, base))
        return self[type_]

    def ligne(self, valeurs: Sequence[Any]) -> list[str]:
        return [self[type(valeur)](valeur) for valeur in valeurs]


class Rangees:
    """Écrit des lignes de cellules ; celles des mêmes types partagent un modèle, nombres écrits d'un coup."""

    def __init__(self, cellules: Conversions) -> None:
        self._cellules = cellules
        self._modeles: dict[tuple[type, ...], tuple[str, list[int]]] = {}

    def en_octets(self, lignes: Iterable[Sequence[Any]]) -> bytes:
        return "".join(map(self._rangee, lignes)).encode()

    def _rangee(self, ligne: Sequence[Any]) -> str:
        types = tuple(map(type, ligne))
        modele, a_convertir = self._modeles.get(types) or self._modele(types)
        valeurs = list(ligne)
        for rang in a_convertir:
            valeurs[rang] = self._cellules[types[rang]](valeurs[rang])
        return modele % tuple(valeurs)

    def _modele(self, types: tuple[type, ...]) -> tuple[str, list[int]]:
        """Le modèle d'une ligne de ces types, et les rangs qui ne sont pas de simples nombres."""
        nombres = [type_ in (int, float) for type_ in types]
        cellules = "".join("<c><v>%r</v></c>" if simple else "%s" for simple in nombres)
        self._modeles[types] = (
            f"<row>{cellules}</row>",
            [rang for rang, simple in enumerate(nombres) if not simple],
        )
        return self._modeles[types]


def ecrire_xlsx(fichier: IO[bytes], pages: Sequence[Feuille], *, iso: bool, avancer: Avancement) -> None:
    """Un classeur mis en forme ; une feuille longue y est écrite à mesure, en plusieurs au besoin."""
    ecrites = Compteur(avancer)
    with tempfile.TemporaryFile() as autour:
        longues = ecrire_autour(autour, pages, iso=iso, avancer=ecrites)
        autour.seek(0)
        with zipfile.ZipFile(autour) as fait, _archive(fichier) as archive:
            for entree in fait.namelist():
                if entree not in longues:
                    archive.writestr(entree, fait.read(entree))
            for page in pages:
                if page.longue:
                    chemins = [chemin for chemin, nom in longues.items() if nom == page.nom]
                    _ecrire_longue(archive, chemins, page, ecrites)


def _ecrire_longue(
    archive: zipfile.ZipFile, chemins: Sequence[str], page: Feuille, avancer: "Compteur"
) -> None:
    rangees = Rangees(_cellules())
    lignes = page.lignes()
    for chemin in chemins:
        with archive.open(chemin, "w", force_zip64=True) as brut:
            brut.write(debut_de_feuille(len(page.entetes)).encode())
            brut.write(rangees.en_octets([page.entetes]))
            for lot in _lots(islice(lignes, LIGNES_PAR_FEUILLE)):
                brut.write(rangees.en_octets(lot))
                avancer(len(lot))
            brut.write(FIN_FEUILLE.encode())


def _cellules() -> Conversions:
    return Conversions(
        (str, _texte_xlsx),
        (type(None), lambda _: "<c/>"),
        (bool, lambda valeur: f'<c t="b"><v>{valeur:d}</v></c>'),
        (Decimal, lambda valeur: f"<c><v>{float(valeur)!r}</v></c>"),
        (object, lambda valeur: f"<c><v>{valeur!r}</v></c>"),
    )


def ecrire_csv(fichier: IO[bytes], pages: Iterable[Feuille], *, iso: bool, avancer: Avancement) -> None:
    """UTF-8 avec marque et « ; » à la française ; « , » sans marque en ISO."""
    textes = _textes_iso() if iso else _textes_francais()
    faites = 0
    with _archive(fichier) as archive:
        for page in pages:
            nom = page.nom.lower().replace("â", "a").replace("è", "e").replace("é", "e")
            with (
                archive.open(f"{nom}.csv", "w", force_zip64=True) as brut,
                io.TextIOWrapper(brut, "utf-8" if iso else "utf-8-sig", newline="") as texte,
            ):
                ecrivain = csv.writer(texte, delimiter="," if iso else ";")
                ecrivain.writerow(page.entetes)
                for lot in _lots(page.lignes()):
                    ecrivain.writerows([textes.ligne(ligne) for ligne in lot])
                    faites += len(lot)
                    avancer(faites)


def _archive(fichier: IO[bytes]) -> zipfile.ZipFile:
    return zipfile.ZipFile(fichier, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION)


def debut_de_feuille(colonnes: int) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        "</sheetView></sheetViews>"
        f'<cols><col min="1" max="{colonnes}" width="{LARGEUR_LONGUE}" customWidth="1"/></cols><sheetData>'
    )


def _lots(lignes: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    flux = iter(lignes)
    while lot := list(islice(flux, PAS)):
        yield lot


def _texte_xlsx(texte: str) -> str:
    """Un texte reste un texte, même s'il commence par « = ». Les noms reviennent, les longues phrases non."""
    return _texte_neuf(texte) if len(texte) > NOM_MAX else _texte_connu(texte)


def _texte_neuf(texte: str) -> str:
    propre = escape(INTERDITS_XML.sub("", texte)) if A_CORRIGER.search(texte) else texte
    espaces = "" if propre == propre.strip() else ' xml:space="preserve"'
    return f'<c t="inlineStr"><is><t{espaces}>{propre}</t></is></c>'


_texte_connu = lru_cache(maxsize=20_000)(_texte_neuf)


def _textes_francais() -> Conversions:
    return Conversions(
        (str, cellule_sure),
        (float, lambda valeur: repr(valeur).replace(".", ",")),
        (int, str),
        (type(None), lambda _: ""),
        (Decimal, lambda valeur: format(valeur.normalize(), "f").replace(".", ",")),
        (datetime, lambda valeur: f"{timezone.localtime(valeur):%d/%m/%Y %H:%M}"),
        (date, lambda valeur: f"{valeur:%d/%m/%Y}"),
        (object, str),
    )


def _textes_iso() -> Conversions:
    return Conversions(
        (str, cellule_sure),
        (float, repr),
        (int, str),
        (type(None), lambda _: ""),
        (Decimal, lambda valeur: format(valeur.normalize(), "f")),
        (datetime, lambda valeur: timezone.localtime(valeur).isoformat(timespec="seconds")),
        (date, lambda valeur: valeur.isoformat()),
        (object, str),
    )
