"""Fichiers de test : classeurs honnêtes écrits par openpyxl, archives hostiles écrites à la main."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def xlsx(feuilles: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    classeur = Workbook()
    classeur.remove(classeur.active)  # type: ignore[arg-type]
    for nom, lignes in feuilles.items():
        feuille = classeur.create_sheet(nom)
        for ligne in lignes:
            feuille.append(list(ligne))
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def texte_csv(lignes: Sequence[Sequence[Any]], *, separateur: str = ";", encodage: str = "utf-8") -> bytes:
    sortie = io.StringIO(newline="")
    csv.writer(sortie, delimiter=separateur).writerows(lignes)
    return sortie.getvalue().encode(encodage)


def archive(parties: Mapping[str, bytes], methode: int = zipfile.ZIP_DEFLATED) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", methode) as zip_:
        for nom, contenu in parties.items():
            zip_.writestr(nom, contenu)
    return sortie.getvalue()


def parties_de_classeur(
    feuille: bytes, *, textes: bytes | None = None, prologue: bytes = b""
) -> dict[str, bytes]:
    """Les parties d'un classeur d'une feuille, dont le XML est donné tel quel."""
    relations = f'<Relationships xmlns="{RELATIONS}">'
    liens = f'<Relationship Id="f" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    if textes is not None:
        liens += f'<Relationship Id="t" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    classeur = (
        f'<workbook xmlns="{NS}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="F" sheetId="1" r:id="f"/></sheets></workbook>'
    )
    racine = f'<Relationship Id="c" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    parties = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f"{relations}{racine}</Relationships>".encode(),
        "xl/workbook.xml": prologue + classeur.encode(),
        "xl/_rels/workbook.xml.rels": f"{relations}{liens}</Relationships>".encode(),
        "xl/worksheets/sheet1.xml": feuille,
    }
    if textes is not None:
        parties["xl/sharedStrings.xml"] = textes
    return parties


def feuille_xml(lignes: str) -> bytes:
    return f'<worksheet xmlns="{NS}"><sheetData>{lignes}</sheetData></worksheet>'.encode()


def classeur_brut(lignes: str, **options: Any) -> bytes:
    """Classeur dont les lignes sont du XML brut."""
    return archive(parties_de_classeur(feuille_xml(lignes), **options))
