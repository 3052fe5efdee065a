"""Lecture d'un classeur, dans le processus enfant : un premier regard s'il est en XML, puis calamine.

Les types des cellules sont gardés : une date n'est jamais un nombre, une heure ou une durée se dit en
secondes. Une formule n'est jamais évaluée : sa valeur enregistrée, ou rien.
"""

import io
import math
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from simulateur.fichiers.limites import (
    DATE,
    DUREE,
    ERREUR,
    FORMULE,
    FeuilleLue,
    FichierRefuse,
    Limites,
    Speciale,
    Valeur,
)
from simulateur.fichiers.regard import FeuilleVue, Regard

ENTIER_MAX = 10**15  # au-delà, un nombre à virgule ne tient plus tous les entiers
ABIME = "Le classeur est abîmé : une de ses parties ne se lit pas."
SANS_VALEUR = "formule sans valeur enregistrée"
# Ce que les formats sans XML disent d'une cellule en erreur.
ERREURS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DATA!"})
Lignes = list[tuple[int, list[Valeur]]]


def lire(contenu: bytes, limites: Limites, nature: str = "xlsx") -> list[FeuilleLue]:
    """Feuilles dans l'ordre du classeur. Lève FichierRefuse."""
    regard = _regarder(contenu, limites) if nature == "xlsx" else None
    try:
        classeur = CalamineWorkbook.from_filelike(io.BytesIO(contenu))
        restantes = [limites.lignes, limites.cellules]
        return [
            _feuille(classeur, fiche, regard, limites, restantes)
            for fiche in _feuilles_de_calcul(classeur, limites)
        ]
    except CalamineError:
        raise FichierRefuse(ABIME) from None


def _regarder(contenu: bytes, limites: Limites) -> Regard:
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        if not any(nom.startswith("xl/workbook") for nom in archive.namelist()):
            raise FichierRefuse("Cette archive n'est pas un classeur Excel (.xlsx).")
        regard = Regard(archive, limites)
        regard.parcourir()
    return regard


def _feuilles_de_calcul(classeur: CalamineWorkbook, limites: Limites) -> list[SheetMetadata]:
    """Les feuilles graphiques n'ont pas de cellules."""
    fiches = [fiche for fiche in classeur.sheets_metadata if fiche.typ is SheetTypeEnum.WorkSheet]
    if not fiches:
        raise FichierRefuse("Le classeur n'a aucune feuille de calcul.")
    if len(fiches) > limites.feuilles:
        raise FichierRefuse(f"Le classeur a plus de {limites.feuilles} feuilles : le partager.")
    return fiches


def _feuille(
    classeur: CalamineWorkbook,
    fiche: SheetMetadata,
    regard: Regard | None,
    limites: Limites,
    restantes: list[int],
) -> FeuilleLue:
    feuille = classeur.get_sheet_by_name(fiche.name)
    vue = regard.vue(fiche.name) if regard is not None else FeuilleVue()
    return {
        "nom": fiche.name,
        "lignes": _lignes(feuille, vue, limites, restantes),
        "masquee": fiche.visible is not SheetVisibleEnum.Visible,
        "lignes_masquees": sorted(vue.lignes_masquees),
        "colonnes_masquees": sorted(vue.colonnes_masquees),
        "fusions": [(h + 1, g + 1, b + 1, d + 1) for (h, g), (b, d) in _fusions(feuille)],
    }


def _fusions(feuille: CalamineSheet) -> Any:
    return feuille.merged_cell_ranges or ()


def _lignes(feuille: CalamineSheet, vue: FeuilleVue, limites: Limites, restantes: list[int]) -> Lignes:
    par_ligne: dict[int, list[Valeur]] = {}
    haut, gauche = feuille.start or (0, 0)
    vide = [""] * feuille.width
    # `iter_rows`, plus sobre, est quadratique quand la feuille est haute.
    for numero, cellules in enumerate(feuille.to_python(skip_empty_area=True), haut + 1):
        # Une valeur oubliée tout en bas fait un million de lignes vides : les écarter sans les convertir.
        if cellules != vide:
            par_ligne[numero] = [None] * gauche + [_valeur(cellule) for cellule in cellules]
            _compter(par_ligne[numero], limites, restantes)
    for (ligne, colonne), texte in vue.erreurs.items():
        _poser(par_ligne.setdefault(ligne, []), colonne, Speciale(ERREUR, texte))
    for ligne, colonne in vue.sans_valeur:
        _poser(par_ligne.setdefault(ligne, []), colonne, Speciale(FORMULE, SANS_VALEUR))
    for numero, valeurs in par_ligne.items():
        _verifier(feuille.name, numero, valeurs, limites)
    return sorted(par_ligne.items())


def _compter(valeurs: list[Valeur], limites: Limites, restantes: list[int]) -> None:
    restantes[0] -= 1
    restantes[1] -= len(valeurs) - valeurs.count(None)
    if restantes[0] < 0:
        raise FichierRefuse(f"Le classeur a plus de {limites.lignes} lignes remplies : le partager.")
    if restantes[1] < 0:
        raise FichierRefuse(f"Le classeur a plus de {limites.cellules} cellules remplies : le partager.")


def _poser(valeurs: list[Valeur], colonne: int, valeur: Valeur) -> None:
    valeurs.extend([None] * (colonne - len(valeurs)))
    valeurs[colonne - 1] = valeur


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
        if cellule in ERREURS:
            return Speciale(ERREUR, cellule)
        return cellule or None
    if isinstance(cellule, timedelta):
        return _duree(cellule)
    if isinstance(cellule, time):
        return _duree(timedelta(hours=cellule.hour, minutes=cellule.minute, seconds=cellule.second))
    return Speciale(DATE, _en_mots(cellule))


def _duree(duree: timedelta) -> Speciale:
    """« 30:00:00 » : heures, minutes, secondes."""
    secondes = duree.total_seconds()
    minutes, reste = divmod(abs(round(secondes)), 60)
    signe = "-" if secondes < 0 else ""
    return Speciale(DUREE, f"{signe}{minutes // 60}:{minutes % 60:02d}:{reste:02d}", secondes)


def _en_mots(jour: date) -> str:
    heure = isinstance(jour, datetime) and (jour.hour or jour.minute or jour.second)
    return f"{jour:%d/%m/%Y %H:%M}" if heure else f"{jour:%d/%m/%Y}"


def _nombre(valeur: float) -> Valeur:
    """Un entier s'il l'est ; un nombre infini reste un texte, que l'import refusera à sa place."""
    if not math.isfinite(valeur):
        return str(valeur)
    return int(valeur) if valeur.is_integer() and abs(valeur) < ENTIER_MAX else valeur
