"""Le classeur que l'on regarde : largeurs, formats de nombre, couleurs, graphiques. Écrit par XlsxWriter.

Une feuille longue n'y a que sa place : son contenu est écrit à part, en flux (`ecrivains`).
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import IO, Any

from django.utils import timezone

from simulateur.fichiers.tableaux import ouvrir_classeur
from simulations.exports.feuille import Feuille

LIGNES_PAR_FEUILLE = 1_048_575  # limite d'Excel, en-tête déduit : au-delà, « Tâches (2) »
PAS = 500  # lignes entre deux avancements
INTERDITS_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LARGEURS = {"Quoi": 30, "De qui": 60, "Valeur": 16, "Unité": 12, "Remarque": 60}
LARGEUR_TEXTE, LARGEUR_NOMBRE = 24, 15  # caractères
EN_TEXTE = ("Direction", "Centre", "Poste", "Code", "Typologie", "Décision", "Paramètre", "Portée")
ENTIERS = frozenset({"Postes"})
COLORES = ("Écart", "À pourvoir", "En trop")
NOMBRE, ENTIER, MONNAIE = "#,##0.00", "#,##0", "#,##0;[Red]-#,##0"


class Compteur:
    """Dit à `avancer` combien de lignes sont écrites en tout."""

    def __init__(self, avancer: Callable[[int], None]) -> None:
        self._avancer, self._faites = avancer, 0

    def __call__(self, lignes: int) -> None:
        self._faites += lignes
        self._avancer(self._faites)


def ecrire_autour(
    fichier: IO[bytes], pages: Sequence[Feuille], *, iso: bool, avancer: Compteur
) -> dict[str, str]:
    """Toutes les feuilles, les longues vides ; rend, pour celles-ci, chemin dans l'archive → page."""
    longues: dict[str, str] = {}
    rangs = count(1)
    with ouvrir_classeur(fichier) as classeur:
        for page in pages:
            for rang in range(1, _parts(page) + 1):
                chemin = f"xl/worksheets/sheet{next(rangs)}.xml"
                feuille = classeur.add_worksheet(page.nom if rang == 1 else f"{page.nom} ({rang})")
                if page.longue:
                    longues[chemin] = page.nom
                else:
                    _Page(classeur, feuille, page, iso=iso).ecrire(avancer)
    return longues


def _parts(page: Feuille) -> int:
    return max(1, -(-page.nombre // LIGNES_PAR_FEUILLE)) if page.longue else 1


class _Page:
    """Une feuille mise en forme, colonne par colonne d'après ses en-têtes."""

    def __init__(self, classeur: Any, feuille: Any, page: Feuille, *, iso: bool) -> None:
        self.classeur, self.feuille, self.page = classeur, feuille, page
        self.format_date = "%Y-%m-%d %H:%M" if iso else "%d/%m/%Y %H:%M"
        self.texte = classeur.add_format({"text_wrap": page.finir is not None, "valign": "top"})
        self.entier = classeur.add_format({"num_format": ENTIER})
        self.nombres = [classeur.add_format({"num_format": _format(entete)}) for entete in page.entetes]

    def ecrire(self, avancer: Compteur) -> None:
        self._entetes()
        ecrites = 0
        for ecrites, ligne in enumerate(self.page.lignes(), 1):
            for colonne, valeur in enumerate(ligne):
                self._cellule(ecrites, colonne, valeur)
            if ecrites % PAS == 0:
                avancer(PAS)
        avancer(ecrites % PAS)
        self._finir(ecrites)

    def _entetes(self) -> None:
        gras = self.classeur.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.feuille.freeze_panes(1, 0)
        for colonne, entete in enumerate(self.page.entetes):
            self.feuille.set_column(colonne, colonne, _largeur(entete))
            self.feuille.write_string(0, colonne, entete, gras)

    def _cellule(self, rang: int, colonne: int, valeur: Any) -> None:
        if valeur is None or valeur == "":
            return
        if isinstance(valeur, bool):
            self.feuille.write_boolean(rang, colonne, valeur)
        elif isinstance(valeur, int | float | Decimal):
            self.feuille.write_number(rang, colonne, valeur, self._du_nombre(colonne, valeur))
        elif isinstance(valeur, date):
            moment = timezone.localtime(valeur) if isinstance(valeur, datetime) else valeur
            self.feuille.write_string(rang, colonne, f"{moment:{self.format_date}}", self.texte)
        else:
            self.feuille.write_string(rang, colonne, INTERDITS_XML.sub("", str(valeur)), self.texte)

    def _du_nombre(self, colonne: int, valeur: Any) -> Any:
        """Un entier sans décimales là où la colonne mêle des comptes et des mesures."""
        if isinstance(valeur, int) and self.page.finir is not None:
            return self.entier
        return self.nombres[colonne]

    def _finir(self, lignes: int) -> None:
        if lignes and self.page.finir is None:
            self.feuille.autofilter(0, 0, lignes, len(self.page.entetes) - 1)
        for colonne, entete in enumerate(self.page.entetes):
            if entete in COLORES and lignes:
                self._colorer(lignes, colonne)
        if self.page.finir is not None:
            self.page.finir(self.classeur, self.feuille)

    def _colorer(self, lignes: int, colonne: int) -> None:
        """Il manque du monde : orange ; il y en a trop : bleu."""
        for critere, couleur in ((">", "#C65911"), ("<", "#1F4E79")):
            regle = {"type": "cell", "criteria": critere, "value": 0}
            couleurs = self.classeur.add_format({"font_color": couleur})
            self.feuille.conditional_format(1, colonne, lignes, colonne, {**regle, "format": couleurs})


def _format(entete: str) -> str:
    if entete.startswith("Coût"):
        return MONNAIE
    return ENTIER if entete in ENTIERS else NOMBRE


def _largeur(entete: str) -> int:
    return LARGEURS.get(entete, LARGEUR_TEXTE if entete.startswith(EN_TEXTE) else LARGEUR_NOMBRE)
