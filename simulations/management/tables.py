"""Écrire une analyse ou une comparaison dans un fichier, depuis une commande."""

from pathlib import Path

from django.core.management.base import CommandError

from simulateur.fichiers.tableaux import FORMATS
from simulations.analyses.analyse import Corps
from simulations.exports.tables import fichier


def ecrire_les_tables(corps: Corps, sortie: Path) -> str:
    """Écrit selon l'extension ; rend la phrase à imprimer."""
    format_ = sortie.suffix.lower().removeprefix(".")
    if format_ not in FORMATS:
        raise CommandError(f"{sortie} : l'extension dit le format, {' ou '.join(FORMATS)}.")
    _, octets = fichier(corps, format_)
    try:
        sortie.write_bytes(octets)
    except OSError as erreur:
        raise CommandError(f"{sortie} ne s'écrit pas : {erreur.strerror}.") from None
    return f"{sortie} : {len(octets)} octets."
