"""Lecture d'un texte délimité (csv) : séparateur trouvé par le contenu."""

import csv
import io
import re

from simulateur.fichiers.limites import FichierRefuse, Limites, Valeur
from simulateur.fichiers.texte import decoder

SEPARATEURS = (";", ",", "\t")
_SEP_EXCEL = re.compile(r"sep=([;,\t])\r?\n", re.IGNORECASE)
_ECHANTILLON = 20


def lire(contenu: bytes, limites: Limites) -> list[tuple[int, list[Valeur]]]:
    """[(numéro d'enregistrement, textes)] ; une cellule vide vaut None. Lève FichierRefuse."""
    texte = decoder(contenu).texte
    if annonce := _SEP_EXCEL.match(texte):
        return _enregistrements(texte[annonce.end() :], annonce[1], limites, premier=2)
    return _enregistrements(texte, separateur(texte), limites, premier=1)


def separateur(texte: str) -> str:
    """Celui qui découpe les premiers enregistrements le plus régulièrement, puis le plus finement."""
    return max(SEPARATEURS, key=lambda candidat: _regularite(texte, candidat))


def _regularite(texte: str, candidat: str) -> tuple[float, int]:
    lecteur = csv.reader(io.StringIO(texte[: 64 * 1024], newline=""), delimiter=candidat)
    largeurs: list[int] = []
    try:
        for valeurs in lecteur:
            if any(valeurs):
                largeurs.append(len(valeurs))
            if len(largeurs) == _ECHANTILLON:
                break
    except csv.Error:
        pass
    if not largeurs or largeurs[0] == 1:
        return (0.0, 0)
    return (largeurs.count(largeurs[0]) / len(largeurs), largeurs[0])


def _enregistrements(
    texte: str, delimiteur: str, limites: Limites, *, premier: int
) -> list[tuple[int, list[Valeur]]]:
    csv.field_size_limit(limites.caracteres * 4)
    lignes: list[tuple[int, list[Valeur]]] = []
    cellules = 0
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=delimiteur)
    numero = premier - 1
    try:
        for numero, valeurs in enumerate(lecteur, premier):
            cellules += len(valeurs)
            _verifier(numero, valeurs, cellules, limites)
            if any(valeurs):
                lignes.append((numero, [valeur or None for valeur in valeurs]))
    except csv.Error:
        raise FichierRefuse(
            f"Ligne {numero + 1} : le texte entre guillemets ne se referme pas, ou il est trop long."
        ) from None
    return lignes


def _verifier(numero: int, valeurs: list[str], cellules: int, limites: Limites) -> None:
    if numero > limites.lignes:
        raise FichierRefuse(f"Le fichier a plus de {limites.lignes} lignes : le partager.")
    if cellules > limites.cellules:
        raise FichierRefuse(f"Le fichier a plus de {limites.cellules} cellules : le partager.")
    if len(valeurs) > limites.colonnes and any(valeurs[limites.colonnes :]):
        raise FichierRefuse(f"Ligne {numero} : plus de {limites.colonnes} colonnes.")
    for colonne, valeur in enumerate(valeurs, 1):
        if len(valeur) > limites.caracteres:
            raise FichierRefuse(
                f"Ligne {numero}, colonne {colonne} : le texte dépasse {limites.caracteres} caractères."
            )
