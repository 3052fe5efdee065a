"""Vitesse des imports du référentiel : lire, appliquer, défaire les volumes de tous les centres."""

from collections.abc import Iterator
from dataclasses import replace

from bancs.outil import Banc, Mesure, chrono
from referentiels.exports.contenus import volumes_annuels
from referentiels.exports.portee import Portee
from referentiels.imports.defaire import defaire
from referentiels.imports.service import Demande, Genre, importer
from referentiels.models import ImportFichier
from simulateur.fichiers.tableaux import en_octets
from simulateur.travaux.prise import Refus

CIBLE_LECTURE_S = 10.0  # le pays en classeur, lu et comparé


def bancs() -> list[Banc]:
    return [Banc("référentiel : imports", mesurer_les_imports)]


def mesurer_les_imports() -> Iterator[Mesure]:
    """Chaque volume change d'une unité, puis reprend sa valeur : la base sort comme elle est entrée."""
    contenu, lignes = _volumes_changes()
    detail = f"{lignes} volumes, {len(contenu) / 1e6:.1f} Mo"
    with chrono() as lecture:
        _importer(contenu, a_blanc=True)
    yield Mesure("lire et comparer le classeur des volumes", lecture(), "s", CIBLE_LECTURE_S, detail)
    with chrono() as application:
        trace = _importer(contenu, a_blanc=False)
    yield Mesure("le même, lu et appliqué", application(), "s", None, detail)
    with chrono() as retour:
        defaire(trace)
    yield Mesure("défaire cet import", retour(), "s", None, detail)


def _volumes_changes() -> tuple[bytes, int]:
    tableau = volumes_annuels(Portee(), None)
    lignes = [(centre, cellule, volume + 1, annee) for centre, cellule, volume, annee in tableau.lignes]
    return en_octets("xlsx", [replace(tableau, lignes=lignes)]), len(lignes)


def _importer(contenu: bytes, *, a_blanc: bool) -> ImportFichier:
    """Lève Refus si le fichier n'est pas accepté, ou ne change rien : rien n'aurait été mesuré."""
    trace = importer(Demande(genre=Genre.VOLUMES), contenu=contenu, nom="volumes.xlsx", a_blanc=a_blanc)
    rapport = trace.rapport
    if not (trace.applique or a_blanc) or rapport.get("refus"):
        raise Refus(f"L'import du banc n'a rien écrit : {rapport.get('refus') or rapport.get('rejets')}")
    return trace
