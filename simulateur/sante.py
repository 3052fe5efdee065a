"""Santé de la file, prouvée par un canari qui la traverse, jamais déduite d'une liste de processus."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min
from django.utils import timezone
from django_q.models import OrmQ
from django_q.status import Stat

from simulateur.models import Canari
from simulateur.planification import NOM_CANARI

SAIN_S = 90  # une planification par minute, plus une demi-minute de marge
DEGRADE_S = 300


@dataclass(frozen=True)
class Sante:
    """`etat` : healthy, degraded ou unhealthy (mots du contrat) ; âges en secondes."""

    etat: str
    ouvriers: int
    age_canari_s: float | None
    file: int
    plus_ancienne_s: float | None
    phrase: str


def examiner() -> Sante:
    maintenant = timezone.now()
    repondu = Canari.objects.filter(nom=NOM_CANARI).values_list("repondu_le", flat=True).first()
    age = (maintenant - repondu).total_seconds() if repondu else None
    attente = OrmQ.objects.filter(lock__lte=maintenant).aggregate(premiere=Min("lock"), nombre=Count("pk"))
    premiere = attente["premiere"]
    plus_ancienne = (maintenant - premiere).total_seconds() if premiere else None
    etat, phrase = _juger(age, plus_ancienne)
    return Sante(
        etat=etat,
        ouvriers=0 if etat == "unhealthy" else sum(len(grappe.workers) for grappe in Stat.get_all()),
        age_canari_s=age,
        file=attente["nombre"],
        plus_ancienne_s=plus_ancienne,
        phrase=phrase,
    )


def _juger(age_s: float | None, plus_ancienne_s: float | None) -> tuple[str, str]:
    if age_s is None:
        return "unhealthy", "Aucun ouvrier n'a encore répondu : lancer « manage.py qcluster »."
    if age_s > timedelta(seconds=DEGRADE_S).total_seconds():
        return "unhealthy", f"Aucun ouvrier n'a répondu depuis {age_s:.0f} s."
    if age_s > SAIN_S:
        return "degraded", f"Dernière réponse d'un ouvrier il y a {age_s:.0f} s."
    if plus_ancienne_s is not None and plus_ancienne_s > SAIN_S:
        return "degraded", f"Un travail attend depuis {plus_ancienne_s:.0f} s."
    return "healthy", "Les ouvriers répondent."
