"""De la cellule brute à la valeur propre : en-têtes retrouvés, erreurs réunies avec ligne et colonne."""

import math
import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from referentiels.imports.libelles import Repertoire
from referentiels.imports.rapport import VALEUR_MAX, Rapport, Rejet
from simulateur.fichiers.ecriture import sans_apostrophe
from simulateur.fichiers.limites import (
    DATE,
    DUREE,
    ERREUR,
    FORMULE,
    Feuille,
    Ligne,
    Rectangle,
    Speciale,
    Valeur,
)
from simulateur.fichiers.nombres import NombreInvalide, decimale_d_une_colonne, lire_nombre
from simulateur.langue.texte import normaliser

QUOI = {DATE: "une date", DUREE: "une heure ou une durée", ERREUR: "en erreur", FORMULE: "une formule"}
ILLISIBLE = {
    ERREUR: "la cellule {ou} est en erreur",
    FORMULE: "formule sans valeur enregistrée en {ou} : ouvrir et enregistrer le classeur",
}
FUSION_MAX = 10_000  # lignes ou colonnes d'une fusion examinées
_HORS_CLE = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True)
class Colonne:
    """Une colonne attendue. `cle` : nom interne ; `titres` : écritures admises, la première fait foi."""

    cle: str
    titres: tuple[str, ...]
    obligatoire: bool = True


def cle_entete(texte: Valeur) -> str:
    """« Unité de mesure », « unite_de_mesure » et « UNITÉ DE MESURE. » ont la même clé."""
    return _HORS_CLE.sub("", normaliser(str(texte or "")))


@dataclass(frozen=True)
class Entetes:
    """Position de chaque colonne reconnue dans une feuille."""

    numero: int
    positions: dict[str, int]
    titres: dict[str, str]
    ignores: tuple[str, ...]
    en_double: tuple[str, ...]
    manquants: tuple[str, ...]


def resoudre(ligne: Ligne, colonnes: Sequence[Colonne]) -> Entetes:
    """Rattache chaque en-tête à sa colonne, sans égard à l'ordre, à la casse ni aux accents."""
    connus = {cle_entete(titre): colonne for colonne in colonnes for titre in colonne.titres}
    positions: dict[str, int] = {}
    ignores, en_double = [], []
    for position, valeur in enumerate(ligne.valeurs):
        colonne = connus.get(cle_entete(valeur))
        if colonne is None:
            if valeur is not None:
                ignores.append(str(valeur)[:VALEUR_MAX])
        elif colonne.cle in positions:
            en_double.append(colonne.titres[0])
        else:
            positions[colonne.cle] = position
    return Entetes(
        numero=ligne.numero,
        positions=positions,
        titres={colonne.cle: colonne.titres[0] for colonne in colonnes},
        ignores=tuple(ignores),
        en_double=tuple(en_double),
        manquants=tuple(c.titres[0] for c in colonnes if c.obligatoire and c.cle not in positions),
    )


class Colonnes:
    """Les colonnes d'une feuille sous ses en-têtes : ce que chacune dit de l'écriture de ses nombres.

    `decimale` : « . » ou « , » quand l'import l'a choisie pour tout le fichier ; vide, chaque colonne décide.
    """

    def __init__(self, feuille: Feuille, entetes: Entetes, decimale: str) -> None:
        self.feuille, self.entetes, self._choisie = feuille, entetes, decimale
        self._dites: dict[str, str] = {}
        self.fusionnees = _fusionnees(feuille)

    def decimale(self, cle: str) -> str:
        if self._choisie:
            return self._choisie
        if cle not in self._dites:
            place = self.entetes.positions[cle]
            self._dites[cle] = decimale_d_une_colonne(
                ligne.valeurs[place]
                for ligne in self.feuille.lignes
                if ligne.numero > self.entetes.numero and place < len(ligne.valeurs)
            )
        return self._dites[cle]


def _fusionnees(feuille: Feuille) -> dict[tuple[int, int], str]:
    """(ligne, position) d'une cellule que couvre une fusion, sans en être la première → son étendue."""
    couvertes = {}
    for haut, gauche, bas, droite in feuille.fusions:
        nom = etendue((haut, gauche, bas, droite))
        for ligne in range(haut, min(bas, haut + FUSION_MAX) + 1):
            for colonne in range(gauche, min(droite, gauche + FUSION_MAX) + 1):
                if (ligne, colonne) != (haut, gauche):
                    couvertes[ligne, colonne - 1] = nom
    return couvertes


class LigneLue:
    """Une ligne du fichier, lue par nom de colonne ; chaque refus va au rapport."""

    def __init__(self, colonnes: Colonnes, ligne: Ligne, rapport: Rapport) -> None:
        self.feuille = colonnes.feuille.nom
        self.numero = ligne.numero
        self.rejetee = False
        self._colonnes = colonnes
        self._entetes = colonnes.entetes
        self._valeurs = ligne.valeurs
        self._rapport = rapport
        self._illisibles = set(self._rejeter_l_illisible())

    def brut(self, cle: str) -> Valeur:
        position = self._entetes.positions.get(cle, len(self._valeurs))
        return self._valeurs[position] if position < len(self._valeurs) else None

    def texte(self, cle: str) -> str:
        """Texte sans espaces autour ; un nombre s'écrit comme dans le tableur (12, 0.4)."""
        valeur = self.brut(cle)
        if isinstance(valeur, float):
            return f"{valeur:.15g}"
        return "" if valeur is None else sans_apostrophe(str(valeur).strip())

    def texte_borne(self, cle: str, longueur: int) -> str:
        """Un texte libre : une date ou une durée n'en sont pas un, un tableur les a mises à sa place."""
        texte, valeur = self.texte(cle), self.brut(cle)
        if isinstance(valeur, Speciale) and cle not in self._illisibles:
            self.rejeter(cle, f"un texte est attendu, la cellule est {QUOI[valeur.genre]} ({texte})")
        elif len(texte) > longueur:
            self.rejeter(cle, f"{len(texte)} caractères : au plus {longueur}")
        return texte

    def nombre(self, cle: str) -> float | None:
        """Nombre fini ; None si la cellule est vide ou refusée."""
        valeur = self.brut(cle)
        if cle in self._illisibles or not self.texte(cle):
            return None
        if isinstance(valeur, Speciale):
            self.rejeter(cle, f"un nombre est attendu, la cellule est {QUOI[valeur.genre]} ({valeur})")
            return None
        try:
            return lire_nombre(valeur, self._colonnes.decimale(cle) if isinstance(valeur, str) else "")
        except NombreInvalide as erreur:
            self.rejeter(cle, str(erreur))
            return None

    def duree(self, cle: str, *, unite_s: float) -> float | None:
        """Secondes : une cellule d'heure ou de durée telle quelle, et remarquée ; un nombre, en `unite_s`."""
        valeur = self.brut(cle)
        if isinstance(valeur, Speciale) and valeur.genre == DUREE:
            self._rapport.remarquer_une_duree(self.feuille, self.numero, str(valeur), valeur.secondes)
            return valeur.secondes
        nombre = self.nombre(cle)
        return None if nombre is None else nombre * unite_s

    def rejeter(self, cle: str, raison: str) -> None:
        self.rejetee = True
        self._rapport.rejeter(
            Rejet(
                feuille=self.feuille,
                ligne=self.numero,
                colonne=self._entetes.titres.get(cle, cle),
                valeur=self.texte(cle)[:VALEUR_MAX],
                raison=raison,
            )
        )

    def centre(self, centres: Repertoire) -> int | None:
        """Celui que nomme la ligne ; un centre inconnu est ignoré, et nommé au rapport."""
        libelle = self.texte("centre")
        if not libelle:
            self.rejeter("centre", "centre manquant")
            return None
        trouve = centres.chercher(libelle)
        if trouve is None and centres.est_ambigu(libelle):
            self.rejeter("centre", centres.pourquoi(libelle, "ce centre"))
        elif trouve is None:
            self._rapport.ignorer_centre(libelle, centres.suggestion(libelle))
        return trouve

    def _rejeter_l_illisible(self) -> Iterator[str]:
        """Les colonnes dont la cellule n'a pas de valeur : en erreur, formule jamais calculée, fusion."""
        for cle, position in self._entetes.positions.items():
            valeur = self.brut(cle)
            if isinstance(valeur, Speciale) and valeur.genre in (ERREUR, FORMULE):
                ou = f"{lettre(position + 1)}{self.numero}"
                self.rejeter(cle, ILLISIBLE[valeur.genre].format(ou=ou))
            elif valeur is None and (fusion := self._colonnes.fusionnees.get((self.numero, position))):
                self.rejeter(cle, f"cellule fusionnée {fusion} : défusionner, ou demander la recopie")
            else:
                continue
            yield cle


def memes_valeurs(avant: Any, apres: Any) -> bool:
    """Égalité, à l'arrondi près d'un tableur : il ne garde que 15 chiffres significatifs."""
    if isinstance(avant, float) and isinstance(apres, float):
        return math.isclose(avant, apres, rel_tol=1e-14)
    return bool(avant == apres)


class Doublons:
    """Deux lignes du fichier qui disent la même chose : la seconde est refusée, la première nommée."""

    def __init__(self) -> None:
        self._vues: dict[Hashable, tuple[str, int]] = {}

    def premiere_fois(self, cle: Hashable, ligne: LigneLue, *, colonne: str, quoi: str) -> bool:
        ici = (ligne.feuille, ligne.numero)
        feuille, numero = self._vues.setdefault(cle, ici)
        if (feuille, numero) == ici:
            return True
        ou = f" de la feuille « {feuille} »" if feuille != ligne.feuille else ""
        ligne.rejeter(colonne, f"{quoi} que la ligne {numero}{ou}")
        return False


def lignes_de(feuille: Feuille, entetes: Entetes, rapport: Rapport) -> Iterator[LigneLue]:
    """Lignes sous les en-têtes ; une ligne dont aucune colonne connue n'est remplie est sautée."""
    positions = set(entetes.positions.values())
    colonnes = Colonnes(feuille, entetes, rapport.decimale)
    for ligne in feuille.lignes:
        if ligne.numero <= entetes.numero:
            continue
        remplies = (ligne.valeurs[p] for p in positions if p < len(ligne.valeurs))
        if any(valeur is not None and str(valeur).strip() for valeur in remplies):
            rapport.lignes_lues += 1
            yield LigneLue(colonnes, ligne, rapport)


def lettre(colonne: int) -> str:
    """28 → « AB »."""
    texte = ""
    while colonne:
        colonne, reste = divmod(colonne - 1, 26)
        texte = chr(65 + reste) + texte
    return texte


def etendue(fusion: Rectangle) -> str:
    """« A2:A5 »."""
    haut, gauche, bas, droite = fusion
    return f"{lettre(gauche)}{haut}:{lettre(droite)}{bas}"
