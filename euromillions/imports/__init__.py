"""Import des tirages : lecture pure des fichiers, comparaison avec la base, écriture, téléchargement.

`lecture` et ce qu'elle appelle (`contenu`, `colonnes`, `dates`, `lignes`) ne connaissent pas Django.
"""
