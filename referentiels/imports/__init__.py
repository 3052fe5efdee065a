"""Imports de fichiers : tâches, volumes, effectifs (docs/metier/effectifs.md#imports).

Chaque import lit le fichier, nettoie toutes les cellules en réunissant toutes les erreurs, compare à la
base, puis écrit tout ou rien dans une transaction. Un rapport reste dans ImportFichier, même à blanc.
"""
