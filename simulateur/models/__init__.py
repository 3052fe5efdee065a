"""Tables du noyau."""

from simulateur.models.comptes import Fermeture
from simulateur.models.exploitation import Canari, Echantillon, Ouvrier
from simulateur.models.jetons import Jeton
from simulateur.models.revision import Revision
from simulateur.models.travail import ETATS_FINAUX, ETATS_VIVANTS, Etat, Travail, TravailQuerySet

__all__ = [
    "ETATS_FINAUX",
    "ETATS_VIVANTS",
    "Canari",
    "Echantillon",
    "Etat",
    "Fermeture",
    "Jeton",
    "Ouvrier",
    "Revision",
    "Travail",
    "TravailQuerySet",
]
