"""Chaque grappe a son canari : l'une peut être muette quand les autres répondent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django_q.models import OrmQ

from simulateur.models import Canari
from simulateur.travaux.courtier import SIGNE_DE_GRAPPE
from simulateur.travaux.planification import NOM_CANARI

MUETTE_S = 90  # une planification par minute, plus une demi-minute de marge
PARTIE = timedelta(hours=1)  # sans chien de garde depuis ce temps, on l'a retirée
CANARI_PERDU = timedelta(minutes=10)


@dataclass(frozen=True)
class Grappe:
    """`age_s` : secondes depuis sa dernière réponse ; None si elle n'a encore jamais répondu."""

    nom: str
    age_s: float | None
    muette: bool


def canaris() -> tuple[datetime | None, tuple[Grappe, ...]]:
    """Dernière réponse d'un ouvrier, quelle que soit sa grappe, puis chaque grappe. Une requête.

    Une grappe compte tant qu'un chien de garde s'occupe d'elle, ou s'en occupait il y a moins d'une heure.
    """
    maintenant = timezone.now()
    lignes = Canari.objects.filter(Q(nom=NOM_CANARI) | Q(emis_le__gte=maintenant - PARTIE)).order_by("nom")
    tous = {ligne.nom: ligne for ligne in lignes}
    commun = tous.pop(NOM_CANARI, None)
    return commun.repondu_le if commun else None, tuple(_juger(ligne, maintenant) for ligne in tous.values())


def _juger(ligne: Canari, maintenant: datetime) -> Grappe:
    age_s = (maintenant - ligne.repondu_le).total_seconds() if ligne.repondu_le else None
    silence_s = (maintenant - (ligne.repondu_le or ligne.emis_le or maintenant)).total_seconds()
    return Grappe(ligne.nom, age_s, silence_s > MUETTE_S)


def oublier_les_parties() -> None:
    """Les grappes qu'on a retirées, et les canaris que plus personne ne prendra."""
    maintenant = timezone.now()
    Canari.objects.exclude(nom=NOM_CANARI).filter(emis_le__lt=maintenant - PARTIE).delete()
    OrmQ.objects.filter(key__contains=SIGNE_DE_GRAPPE, lock__lt=maintenant - CANARI_PERDU).delete()
