"""Actions d'admin : télécharger ce que l'import relirait, pour le centre ou la direction choisis."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse

from referentiels.exports.portee import Portee
from referentiels.exports.service import exporter
from referentiels.imports.service import Genre
from referentiels.models import Centre
from referentiels.perms import peut_voir_les_couts
from simulateur.web.piece_jointe import en_piece_jointe
from simulateur.web.refus import Refus


def _action(genre: str) -> Any:
    def telecharger(modeladmin: Any, request: HttpRequest, choisis: Any) -> HttpResponse | None:
        if choisis.count() != 1:
            messages.warning(request, "Choisir une seule ligne : un fichier par centre ou par direction.")
            return None
        choisie = choisis.get()
        portee = Portee(centre=choisie) if choisis.model is Centre else Portee(direction=choisie)
        try:
            fichier = exporter(genre, portee, couts=peut_voir_les_couts(request.user))
        except Refus as refus:
            messages.warning(request, str(refus))
            return None
        return en_piece_jointe(fichier)

    telecharger.__name__ = f"telecharger_{genre}"
    libelle = str(Genre(genre).label).lower()
    return admin.action(description=f"Télécharger : {libelle} (xlsx)", permissions=["view"])(telecharger)


# Les règles valent pour tout le pays : elles se téléchargent de la liste des imports.
TELECHARGEMENTS = tuple(_action(genre) for genre in Genre.values if genre != Genre.REGLES)
