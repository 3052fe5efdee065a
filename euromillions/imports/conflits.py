"""Trancher un conflit : garder le tirage en place, ou le remplacer en gardant l'ancienne valeur."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from euromillions.imports.ecriture import source_du_format
from euromillions.models import ConflitTirage, Resolution, Tirage
from euromillions.models.tirages import BOULES
from simulateur.cache.suivi import suivi_differe


class ConflitRefuse(Exception):
    """La décision ne peut pas être prise ; `str()` est la phrase montrée."""


def trancher(conflit: ConflitTirage, *, decision: str, auteur: Any) -> str:
    """Applique la décision (`garder` ou `remplacer`) une seule fois ; rend la phrase qui la décrit."""
    if decision not in (Resolution.GARDER, Resolution.REMPLACER):
        raise ConflitRefuse("La décision est « garder » ou « remplacer ».")
    with suivi_differe():
        pris = ConflitTirage.objects.filter(pk=conflit.pk, resolution=Resolution.EN_ATTENTE).update(
            resolution=decision, resolu_par=auteur, resolu_le=timezone.now()
        )
        if pris != 1:
            raise ConflitRefuse("Ce conflit a déjà été tranché.")
        conflit.refresh_from_db()
        if decision == Resolution.GARDER:
            return f"Le tirage du {conflit.tirage.date:%d/%m/%Y} est gardé tel quel."
        return _remplacer(conflit, auteur)


def _remplacer(conflit: ConflitTirage, auteur: Any) -> str:
    tirage = Tirage.objects.select_for_update().get(pk=conflit.tirage_id)
    for boule in BOULES:
        setattr(tirage, boule, getattr(conflit, boule))
    # L'ordre de sortie et les gains décrivaient l'ancienne valeur.
    tirage.ordre_numeros = tirage.ordre_etoiles = ""
    tirage.gains.all().delete()
    tirage.source = source_du_format(conflit.import_tirages.format)
    tirage.import_tirages = conflit.import_tirages
    tirage.auteur_changement = auteur
    tirage.motif_changement = f"conflit tranché : {conflit.import_tirages.nom_fichier}, ligne {conflit.ligne}"
    try:
        tirage.clean()
    except ValidationError as erreur:
        raise ConflitRefuse(" ".join(erreur.messages)) from erreur
    tirage.save()
    return (
        f"Le tirage du {tirage.date:%d/%m/%Y} est remplacé ; l'ancienne valeur est dans l'historique. "
        "Son ordre de sortie et ses gains se complètent en important de nouveau le fichier."
    )
