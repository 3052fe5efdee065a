"""Écrire un fichier depuis une commande."""

from pathlib import Path

from django.core.management.base import CommandError

from simulateur.fichiers.tableaux import FORMATS
from simulateur.langue.nombres import nombre


def ecrire(chemin: Path, octets: bytes) -> str:
    """Écrit ; rend la phrase à imprimer. CommandError dit pourquoi il ne s'écrit pas."""
    try:
        chemin.write_bytes(octets)
    except OSError as erreur:
        raise CommandError(f"{chemin} ne s'écrit pas : {erreur.strerror}.") from None
    return f"{chemin} : {nombre(len(octets))} octets."


def format_du_nom(chemin: Path) -> str:
    """Le format que dit l'extension ; CommandError si ce n'en est pas un."""
    format_ = chemin.suffix.lower().removeprefix(".")
    if format_ not in FORMATS:
        raise CommandError(f"{chemin} : l'extension dit le format, {' ou '.join(FORMATS)}.")
    return format_
