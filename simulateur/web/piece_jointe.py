"""Rendre un fichier à télécharger."""

from django.http import HttpResponse

from simulateur.fichiers.tableaux import Fichier


def en_piece_jointe(fichier: Fichier) -> HttpResponse:
    """Le fichier de cette personne : ni montré en page, ni gardé par un cache."""
    reponse = HttpResponse(fichier.octets, content_type=fichier.type_mime)
    reponse["Content-Disposition"] = f'attachment; filename="{fichier.nom}"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse
