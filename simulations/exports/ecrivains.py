"""Écrire des feuilles en flux : un classeur xlsx, ou une archive d'un csv par feuille. Aucune formule.

Les lignes du classeur sont écrites telles quelles dans l'archive, à mesure : ni la mémoire ni le temps ne
dépendent d'un modèle de cellules, et une annulation est vue entre deux lots. Le reste du classeur (types,
styles, liens) vient d'openpyxl.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice
from typing import IO, Any
from xml.sax.saxutils import escape

from django.utils import timezone

from simulateur.fichiers.ecriture import cellule_sure
from simulations.exports.feuilles import Feuille

PAS = 500  # lignes entre deux avancements
LIGNES_PAR_FEUILLE = 1_048_575  # limite d'Excel, en-tête déduit : au-delà, « Tâches (2) »
COMPRESSION = 3  # deux fois plus rapide que 6, pour un fichier un peu plus gros
STYLE_DATE = 1
INTERDITS_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
A_CORRIGER = re.compile(r"[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOM_MAX = 60  # caractères
DEBUT_FEUILLE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>'
    '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
FIN_FEUILLE = "</sheetData></worksheet>"
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


def ecrire_xlsx(fichier: IO[bytes], pages: Iterable[Feuille], *, iso: bool, avancer: Avancement) -> None:
    """Un classeur ; une feuille trop longue pour Excel continue dans la suivante, numérotée."""
    cellules = Conversions(
        (str, _texte_xlsx),
        (type(None), lambda _: "<c/>"),
        (bool, lambda valeur: f'<c t="b"><v>{valeur:d}</v></c>'),
        (datetime, _date_xlsx),
        (Decimal, lambda valeur: f"<c><v>{float(valeur)!r}</v></c>"),
        (object, lambda valeur: f"<c><v>{valeur!r}</v></c>"),
    )
    rangees = Rangees(cellules)
    noms: list[str] = []
    faites = 0
    with _archive(fichier) as archive:
        for nom, entetes, lignes in chain.from_iterable(map(_feuilles_xlsx, pages)):
            noms.append(nom)
            with archive.open(f"xl/worksheets/sheet{len(noms)}.xml", "w", force_zip64=True) as brut:
                brut.write(DEBUT_FEUILLE.encode())
                brut.write(rangees.en_octets([entetes]))
                for lot in _lots(lignes):
                    brut.write(rangees.en_octets(lot))
                    faites += len(lot)
                    avancer(faites)
                brut.write(FIN_FEUILLE.encode())
        _emballer(archive, noms, "yyyy-mm-dd hh:mm" if iso else "dd/mm/yyyy hh:mm")


def ecrire_csv(fichier: IO[bytes], pages: Iterable[Feuille], *, iso: bool, avancer: Avancement) -> None:
    """UTF-8 avec marque et « ; » à la française ; « , » sans marque en ISO."""
    textes = _textes_iso() if iso else _textes_francais()
    faites = 0
    with _archive(fichier) as archive:
        for page in pages:
            nom = page.nom.lower().replace("â", "a").replace("è", "e")
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


def _lots(lignes: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    flux = iter(lignes)
    while lot := list(islice(flux, PAS)):
        yield lot


def _feuilles_xlsx(page: Feuille) -> Iterator[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]:
    """(nom, en-têtes, lignes) : la page, puis ses suites. Chaque flux est à épuiser avant le suivant."""
    lignes = page.lignes()
    premiere = next(lignes, None)
    yield page.nom, page.entetes, _morceau(premiere, lignes)
    rang = 2
    while (premiere := next(lignes, None)) is not None:
        yield f"{page.nom} ({rang})", page.entetes, _morceau(premiere, lignes)
        rang += 1


def _morceau(premiere: Sequence[Any] | None, suite: Iterator[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    return () if premiere is None else chain([premiere], islice(suite, LIGNES_PAR_FEUILLE - 1))


def _texte_xlsx(texte: str) -> str:
    """Un texte reste un texte, même s'il commence par « = ». Les noms reviennent, les longues phrases non."""
    return _texte_neuf(texte) if len(texte) > NOM_MAX else _texte_connu(texte)


def _texte_neuf(texte: str) -> str:
    propre = escape(INTERDITS_XML.sub("", texte)) if A_CORRIGER.search(texte) else texte
    espaces = "" if propre == propre.strip() else ' xml:space="preserve"'
    return f'<c t="inlineStr"><is><t{espaces}>{propre}</t></is></c>'


_texte_connu = lru_cache(maxsize=20_000)(_texte_neuf)


def _date_xlsx(moment: datetime) -> str:
    from openpyxl.utils.datetime import to_excel

    jour = to_excel(timezone.localtime(moment).replace(tzinfo=None))
    return f'<c s="{STYLE_DATE}"><v>{jour!r}</v></c>'


def _emballer(archive: zipfile.ZipFile, noms: Sequence[str], format_date: str) -> None:
    """Tout ce qui entoure les feuilles déjà écrites."""
    from openpyxl import Workbook  # à l'usage : chaque démarrage du site le paierait

    classeur = Workbook()
    del classeur[classeur.sheetnames[0]]
    for nom in noms:
        classeur.create_sheet(nom)
    datee = classeur[noms[0]]["A1"]
    datee.number_format = format_date
    if datee.style_id != STYLE_DATE:
        raise RuntimeError(f"style de date {datee.style_id} au lieu de {STYLE_DATE}")
    tampon = io.BytesIO()
    classeur.save(tampon)
    with zipfile.ZipFile(tampon) as autour:
        for entree in autour.namelist():
            if not entree.startswith("xl/worksheets/"):
                archive.writestr(entree, autour.read(entree))


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
