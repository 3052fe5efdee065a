"""Point d'entrée Django-Q du téléchargement des tirages."""

import logging

from euromillions.imports.lignes import FichierRefuse
from euromillions.imports.rapport import phrase_du_resultat
from euromillions.imports.service import ImportSuspect, deja_applique, importer, previsualiser
from euromillions.imports.telechargement import telecharger

journal = logging.getLogger(__name__)


def telecharger_tirages() -> str:
    """Prend l'archive et l'applique ; un fichier suspect reste un aperçu à confirmer. Rend une phrase."""
    try:
        fichier = telecharger()
        if deja_applique(fichier):
            return "Archive inchangée depuis le dernier import."
        try:
            (fait,) = importer([fichier], auteur=None)
        except ImportSuspect as soupcon:
            journal.warning("téléchargement des tirages : %s", soupcon)
            apercu = previsualiser(fichier, auteur=None)
            return f"{soupcon} Aperçu n°{apercu.pk} à confirmer par un agent."
    except FichierRefuse as refus:
        return str(refus)
    return phrase_du_resultat(fait)
