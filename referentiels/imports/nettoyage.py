"""De la cellule brute à la valeur propre : en-têtes retrouvés, erreurs réunies avec ligne et colonne."""

import math
import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from referentiels.imports.rapport import VALEUR_MAX, Rapport, Rejet
from simulateur.fichiers.ecriture import sans_apostrophe
from simulateur.fichiers.limites import Feuille, Ligne, Valeur
from simulateur.fichiers.nombres import NombreInvalide, lire_nombre
from simulateur.langue.texte import normaliser

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


class LigneLue:
    """Une ligne du fichier, lue par nom de colonne ; chaque refus va au rapport."""

    def __init__(self, feuille: Feuille, entetes: Entetes, ligne: Ligne, rapport: Rapport) -> None:
        self.feuille = feuille.nom
        self.numero = ligne.numero
        self.rejetee = False
        self._entetes = entetes
        self._valeurs = ligne.valeurs
        self._rapport = rapport

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
        texte = self.texte(cle)
        if len(texte) > longueur:
            self.rejeter(cle, f"{len(texte)} caractères : au plus {longueur}")
        return texte

    def nombre(self, cle: str) -> float | None:
        """Nombre fini ; None si la cellule est vide ou refusée."""
        if not self.texte(cle):
            return None
        try:
            return lire_nombre(self.brut(cle))
        except NombreInvalide as erreur:
            self.rejeter(cle, str(erreur))
            return None

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
    for ligne in feuille.lignes:
        if ligne.numero <= entetes.numero:
            continue
        remplies = (ligne.valeurs[p] for p in positions if p < len(ligne.valeurs))
        if any(valeur is not None and str(valeur).strip() for valeur in remplies):
            rapport.lignes_lues += 1
            yield LigneLue(feuille, entetes, ligne, rapport)


def entetes_verifies(feuille: Feuille, colonnes: Sequence[Colonne], rapport: Rapport) -> Entetes | None:
    """En-têtes de la première ligne non vide ; None, et des rejets, s'il en manque ou s'ils se répètent."""
    entetes = resoudre(feuille.lignes[0], colonnes)
    for titre in entetes.manquants:
        rapport.rejeter(Rejet(feuille.nom, entetes.numero, titre, "", "colonne manquante"))
    for titre in entetes.en_double:
        rapport.rejeter(Rejet(feuille.nom, entetes.numero, titre, "", "colonne présente deux fois"))
    if entetes.ignores:
        ou = f"Feuille « {feuille.nom} » : " if feuille.nom else ""
        rapport.avertissements.append(f"{ou}colonnes ignorées : {', '.join(entetes.ignores[:20])}.")
    return None if entetes.manquants or entetes.en_double else entetes
