"""Tables du noyau."""

from simulateur.models.travail import (
    ETATS_FINAUX,
    ETATS_VIVANTS,
    Canari,
    Etat,
    Ouvrier,
    Revision,
    Travail,
    TravailQuerySet,
)

__all__ = [
    "ETATS_FINAUX",
    "ETATS_VIVANTS",
    "Canari",
    "Etat",
    "Ouvrier",
    "Revision",
    "Travail",
    "TravailQuerySet",
]
