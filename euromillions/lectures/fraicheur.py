"""Où en est l'histoire des tirages : le dernier, le prochain, ceux qui manquent."""

from datetime import date, datetime
from typing import TypedDict

from django.db.models import Max

from euromillions.jeu import calendrier
from euromillions.lectures import reperes
from euromillions.models import Ere, Tirage


class Fraicheur(TypedDict):
    """`missing_dates` : toutes, des plus récentes d'abord. `era` : celle où l'on tire, nulle si aucune."""

    draws: int
    last_draw: str | None
    next_draw: str | None
    era: str | None
    missing_draws: int
    missing_dates: list[str]
    data_revision: int


def fraicheur(revision: int, instant: datetime) -> Fraicheur:
    """À cet instant : le tirage du jour n'est plus à venir dès son heure, et ne manque que le lendemain."""
    eres = list(Ere.objects.dans_l_ordre())
    jour = instant.astimezone(calendrier.PARIS).date()
    prochain = calendrier.prochain_tirage(eres, apres=calendrier.dernier_jour_tire(instant))
    dernier: date | None = Tirage.objects.aggregate(dernier=Max("date"))["dernier"]
    manquants = reperes.manquants(revision, jour)
    return {
        "draws": Tirage.objects.count(),
        "last_draw": dernier.isoformat() if dernier else None,
        "next_draw": prochain.isoformat() if prochain else None,
        "era": next((ere.code for ere in eres if ere.debut <= jour and (ere.fin or jour) >= jour), None),
        "missing_draws": len(manquants),
        "missing_dates": manquants,
        "data_revision": revision,
    }
