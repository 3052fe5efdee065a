"""Lecture d'un classeur xlsx, dans le processus enfant : un premier regard, puis calamine.

Les valeurs rendues sont celles que la feuille garde : une date y est un nombre de jours. calamine dit
lesquelles sont des dates, des heures ou des durées ; seul `_valeur` les ramène à ce nombre.
"""

import io
import math
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from simulateur.fichiers.limites import FichierRefuse, Limites, Valeur
from simulateur.fichiers.regard import Regard

ORIGINE = datetime(1899, 12, 30)  # le jour zéro des tableurs
UN_JOUR = timedelta(days=1)
ENTIER_MAX = 10**15  # au-delà, un nombre à virgule ne tient plus tous les entiers
ABIME = "Le classeur est abîmé : une de ses parties ne se lit pas."
Lignes = list[tuple[int, list[Valeur]]]


def lire(contenu: bytes, limites: Limites) -> list[tuple[str, Lignes]]:
    """Feuilles dans l'ordre du classeur : (nom, [(numéro de ligne, valeurs)]). Lève FichierRefuse."""
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        if not any(nom.startswith("xl/workbook") for nom in archive.namelist()):
            raise FichierRefuse("Cette archive n'est pas un classeur Excel (.xlsx).")
        regard = Regard(archive, limites)
        regard.parcourir()
    try:
        classeur = CalamineWorkbook.from_filelike(io.BytesIO(contenu))
        noms = _feuilles_de_calcul(classeur, limites)
        return [(nom, _lignes(classeur.get_sheet_by_name(nom), regard, limites)) for nom in noms]
    except CalamineError:
        raise FichierRefuse(ABIME) from None


def _feuilles_de_calcul(classeur: CalamineWorkbook, limites: Limites) -> list[str]:
    """Les feuilles graphiques n'ont pas de cellules."""
    noms = [feuille.name for feuille in classeur.sheets_metadata if feuille.typ is SheetTypeEnum.WorkSheet]
    if not noms:
        raise FichierRefuse("Le classeur n'a aucune feuille de calcul.")
    if len(noms) > limites.feuilles:
        raise FichierRefuse(f"Le classeur a plus de {limites.feuilles} feuilles : le partager.")
    return noms


def _lignes(feuille: CalamineSheet, regard: Regard, limites: Limites) -> Lignes:
    erreurs = regard.erreurs_de(feuille.name)
    par_ligne: dict[int, list[Valeur]] = {}
    haut, gauche = feuille.start or (0, 0)
    vide = [""] * feuille.width
    # `iter_rows`, plus sobre, est quadratique quand la feuille est haute.
    for numero, cellules in enumerate(feuille.to_python(skip_empty_area=True), haut + 1):
        # Une valeur oubliée tout en bas fait un million de lignes vides : les écarter sans les convertir.
        if cellules != vide:
            par_ligne[numero] = [None] * gauche + [_valeur(cellule) for cellule in cellules]
    for (ligne, colonne), texte in erreurs.items():
        _poser(par_ligne.setdefault(ligne, []), colonne, texte)
    for numero, valeurs in par_ligne.items():
        _verifier(feuille.name, numero, valeurs, limites)
    return sorted(par_ligne.items())


def _poser(valeurs: list[Valeur], colonne: int, texte: str) -> None:
    valeurs.extend([None] * (colonne - len(valeurs)))
    valeurs[colonne - 1] = texte or None


def _verifier(nom: str, numero: int, valeurs: list[Valeur], limites: Limites) -> None:
    for colonne, valeur in enumerate(valeurs, 1):
        if isinstance(valeur, str) and len(valeur) > limites.caracteres:
            raison = f"le texte dépasse {limites.caracteres} caractères"
        elif colonne > limites.colonnes and valeur is not None:
            raison = f"plus de {limites.colonnes} colonnes"
        else:
            continue
        raise FichierRefuse(f"Feuille « {nom[:60]} », ligne {numero}, colonne {colonne} : {raison}.")


def _valeur(cellule: Any) -> Valeur:
    """Valeur enregistrée de la cellule ; une formule n'est jamais évaluée."""
    if isinstance(cellule, bool | int):
        return cellule
    if isinstance(cellule, float):
        return _nombre(cellule)
    if isinstance(cellule, str):
        return cellule or None
    return _nombre(_en_jours(cellule) / UN_JOUR)


def _en_jours(cellule: date | time | timedelta) -> timedelta:
    if isinstance(cellule, timedelta):
        return cellule
    if isinstance(cellule, datetime):
        return cellule - ORIGINE
    if isinstance(cellule, date):
        return datetime.combine(cellule, time()) - ORIGINE
    return datetime.combine(ORIGINE, cellule) - ORIGINE


def _nombre(valeur: float) -> Valeur:
    """Un entier s'il l'est ; un nombre infini reste un texte, que l'import refusera à sa place."""
    if not math.isfinite(valeur):
        return str(valeur)
    return int(valeur) if valeur.is_integer() and abs(valeur) < ENTIER_MAX else valeur
