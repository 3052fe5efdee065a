"""Canevas de test : une ligne juste, à déformer, et de quoi importer sans répéter la plomberie."""

import csv
from pathlib import Path
from typing import Any

from referentiels.imports.service import Demande, Genre, importer
from referentiels.models import Centre, ImportFichier, Typologie
from simulateur.tests.outils.fichiers import texte_csv, xlsx

ENTETES = [
    "Nom de tâche",
    "Produit",
    "Famille",
    "Phase",
    "Unité de mesure",
    "base de calcul",
    "Responsable 1",
    "Responsable 2",
    "Temps_min",
    "Temps_sec",
]
_COLONNES_SOURCE = (
    "nom_tache",
    "produit",
    "famille",
    "phase",
    "unite_mesure",
    "base_calcul_brut",
    "responsable_1",
    "responsable_2",
    "temps_min",
    "temps_sec",
)
# Un petit canevas inventé : 12 lignes justes, dont deux à deux responsables.
CANEVAS_MINIATURE = Path(__file__).parents[1] / "donnees" / "canevas_miniature.csv"
NOMBRES = {"base_calcul_brut", "temps_min", "temps_sec"}


def ligne(**changements: Any) -> list[Any]:
    """Une ligne juste du canevas, dont on change des colonnes par leur clé."""
    juste = {
        "nom": "Tri",
        "produit": "CO Arrivé",
        "famille": "Tri manuel",
        "phase": "",
        "unite": "Courrier",
        "base": 100,
        "responsable_1": "Agent Traitement",
        "responsable_2": "",
        "temps_min": 0.2,
        "temps_sec": 12,
    }
    assert changements.keys() <= juste.keys()
    return list({**juste, **changements}.values())


def canevas(*lignes: list[Any], entetes: list[str] | None = None) -> bytes:
    return texte_csv([entetes or ENTETES, *lignes])


def canevas_reel(dossier: Path, typologie: str) -> list[list[Any]]:
    """En-têtes et lignes d'une typologie, nombres en nombres comme dans le classeur d'origine."""
    with (dossier / "donnees" / "rh" / "taches_typologies.csv").open(encoding="utf-8-sig", newline="") as f:
        lignes = [ligne for ligne in csv.DictReader(f) if ligne["typologie"] == typologie]
    return [
        ENTETES,
        *(
            [float(ligne[c]) if c in NOMBRES else ligne[c] or None for c in _COLONNES_SOURCE]
            for ligne in lignes
        ),
    ]


def canevas_miniature() -> list[list[Any]]:
    """En-têtes et lignes de la miniature, nombres en nombres."""
    with CANEVAS_MINIATURE.open(encoding="utf-8", newline="") as fichier:
        entetes, *lignes = csv.reader(fichier, delimiter=";")
    rangs = [rang for rang, champ in enumerate(_COLONNES_SOURCE) if champ in NOMBRES]
    return [
        entetes,
        *([float(v) if rang in rangs else v or None for rang, v in enumerate(ligne)] for ligne in lignes),
    ]


def en_xlsx(lignes: list[list[Any]]) -> bytes:
    return xlsx({"Canevas": lignes})


def importer_taches(
    contenu: bytes,
    cible: Centre | Typologie,
    *,
    nom: str = "taches.csv",
    a_blanc: bool = False,
    remplacer: bool = False,
) -> ImportFichier:
    demande = Demande(
        genre=Genre.TACHES,
        centre=cible if isinstance(cible, Centre) else None,
        typologie=cible if isinstance(cible, Typologie) else None,
        remplacer=remplacer,
    )
    return importer(demande, contenu=contenu, nom=nom, a_blanc=a_blanc)


def importer_volumes(
    contenu: bytes, *, annee: int | None = 2026, nom: str = "volumes.csv", a_blanc: bool = False
) -> ImportFichier:
    return importer(Demande(genre=Genre.VOLUMES, annee=annee), contenu=contenu, nom=nom, a_blanc=a_blanc)


def importer_effectifs(contenu: bytes, *, nom: str = "effectifs.csv", a_blanc: bool = False) -> ImportFichier:
    return importer(Demande(genre=Genre.EFFECTIFS), contenu=contenu, nom=nom, a_blanc=a_blanc)


def places(trace: ImportFichier) -> list[tuple[int, str]]:
    """(ligne, colonne) de chaque rejet."""
    return [(rejet["ligne"], rejet["colonne"]) for rejet in trace.rapport["rejets"]]


def comptes(trace: ImportFichier) -> tuple[int, int, int, int]:
    """(ajouts, modifications, inchangées, suppressions)."""
    rapport = trace.rapport
    return rapport["creees"], rapport["modifiees"], rapport["inchangees"], rapport["supprimees"]
