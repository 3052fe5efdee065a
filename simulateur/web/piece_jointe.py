"""Rendre un fichier à télécharger."""

from django.http import HttpResponse


def en_piece_jointe(nom: str, type_mime: str, octets: bytes) -> HttpResponse:
    """Le fichier de cette personne : ni montré en page, ni gardé par un cache."""
    reponse = HttpResponse(octets, content_type=type_mime)
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse
