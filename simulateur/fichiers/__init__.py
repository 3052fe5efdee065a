"""Lecture gardée des fichiers reçus (xlsx, csv) : `lire_tableur` ne fait confiance à aucun octet.

L'archive est jugée sur son répertoire, puis lue dans un processus à part, borné en mémoire et en temps.
"""

from simulateur.fichiers.lecture import lire_tableur
from simulateur.fichiers.limites import Feuille, FichierRefuse, Ligne, Limites, Valeur

__all__ = ["Feuille", "FichierRefuse", "Ligne", "Limites", "Valeur", "lire_tableur"]
