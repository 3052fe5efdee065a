"""De vrais classeurs, déformés à la demande, et de quoi les importer."""

import io
from typing import Any

from openpyxl import Workbook

from referentiels.imports.service import Demande, Genre, importer

CELLULE = "amana.recu.gc.local"
LONG = ["centre", "cellule", "volume", "annee"]
EFFECTIFS = ["Région", "Centre", "Poste", "Statutaires", "APS"]


def classeur(*feuilles: tuple[str, list[list[Any]]], apres: Any = None) -> bytes:
    """`apres(classeur)` : masquer, fusionner… avant d'enregistrer."""
    livre = Workbook()
    livre.remove(livre.active)  # type: ignore[arg-type]
    for nom, lignes in feuilles:
        feuille = livre.create_sheet(nom)
        for rangee in lignes:
            feuille.append(rangee)
    if apres is not None:
        apres(livre)
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def volumes(contenu: bytes, nom: str = "v.xlsx", **options: Any) -> Any:
    demande = Demande(genre=Genre.VOLUMES, annee=2026, **options)
    return importer(demande, contenu=contenu, nom=nom, a_blanc=False)


def effectifs(contenu: bytes, nom: str = "e.xlsx", **options: Any) -> Any:
    return importer(Demande(genre=Genre.EFFECTIFS, **options), contenu=contenu, nom=nom, a_blanc=False)


def taches(contenu: bytes, centre: Any, nom: str = "t.xlsx", **options: Any) -> Any:
    return importer(
        Demande(genre=Genre.TACHES, centre=centre, **options), contenu=contenu, nom=nom, a_blanc=False
    )


def raisons(trace: Any) -> list[str]:
    return [rejet["raison"] for rejet in trace.rapport["rejets"]]
