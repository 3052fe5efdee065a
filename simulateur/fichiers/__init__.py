"""Réception des fichiers : aucun octet reçu n'est cru.

`reception` juge taille et nature, `archive` les zip sur leur répertoire, `texte` les encodages ; `lecture`
lit un tableur dans un processus à part, borné en mémoire et en temps. Ce paquet n'importe rien : l'enfant
l'importe sans Django.
"""
