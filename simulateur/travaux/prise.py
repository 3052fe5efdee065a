"""Le droit d'écrire sur un travail, et les façons de le perdre : ce que reçoit qui exécute un travail.

Chaque écriture filtre sur le jeton : zéro ligne veut dire qu'un autre ouvrier tient le travail.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django_q.models import Schedule
from django_q.tasks import schedule

from simulateur.cache.suivi import suivi_differe
from simulateur.models import Etat, Travail
from simulateur.web.refus import Refus

PAS_ECRITURE_S = 0.2  # une progression au plus toutes les 0,2 s : l'annulation est vue en moins d'une seconde
MESSAGE_ANNULEE = "Annulée à la demande de l'utilisateur"


class Annulation(Exception):
    """L'annulation demandée a été vue entre deux morceaux de travail."""


class PrisePerdue(Exception):
    """Un autre ouvrier possède désormais la ligne : partir sans rien écrire."""


class CleDejaUtilisee(Refus):
    """Même clé d'idempotence, mais d'autres entrées."""


@dataclass
class Prise:
    """Droit d'écrire sur un travail, tant que le jeton en base est le nôtre."""

    travail: Travail
    jeton: uuid.UUID
    conclue: bool = False  # vrai quand l'état final de la ligne est celui que cette prise a écrit
    _derniere_ecriture: float = field(default=0.0)

    def _a_moi(self) -> "models.QuerySet[Any]":
        return type(self.travail)._default_manager.filter(
            pk=self.travail.pk, jeton=self.jeton, etat=Etat.EN_COURS
        )

    def avancer(self, fait: int, total: int, message: str = "") -> None:
        """Note `fait`/`total` et le battement ; lève Annulation ou PrisePerdue. Sans effet avant 0,2 s."""
        maintenant = time.monotonic()
        if maintenant - self._derniere_ecriture < PAS_ECRITURE_S and fait < total:
            return
        self._derniere_ecriture = maintenant
        progression = 99 if total <= 0 else min(99, fait * 100 // total)
        self._ecrire_ou_partir(battement=Now(), progression=progression, message=message[:300])

    def terminer(self, enregistrer: Callable[[], None] | None = None, **champs: Any) -> None:
        """État final et résultats dans une seule transaction ; rien n'est écrit si un autre la tient.

        Les révisions touchées le sont à la fin : personne n'attend l'écriture des résultats.
        """
        with suivi_differe():
            self._ecrire_ou_partir(
                etat=Etat.TERMINEE, progression=100, termine_le=timezone.now(), jeton=None, **champs
            )
            if enregistrer is not None:
                enregistrer()
        self.conclue = True

    def _ecrire_ou_partir(self, **champs: Any) -> None:
        if self._a_moi().filter(annulation_demandee_le__isnull=True).update(**champs) == 1:
            return
        if self._a_moi().exists():
            raise Annulation
        raise PrisePerdue

    def finir(self, etat: Etat, message: str, **champs: Any) -> None:
        finies = self._a_moi().update(
            etat=etat, termine_le=timezone.now(), jeton=None, message=message[:300], **champs
        )
        self.conclue = bool(finies)

    def rendre(self, delai_s: int) -> None:
        """Remet en file après un échec ; la planification ponctuelle est visible dans l'admin.

        Une annulation demandée entre-temps l'emporte : le travail finit annulé.
        """
        quand = timezone.now() + timedelta(seconds=delai_s)
        with transaction.atomic():
            rendu = (
                self._a_moi()
                .filter(annulation_demandee_le__isnull=True)
                .update(
                    etat=Etat.EN_FILE,
                    jeton=None,
                    battement=None,
                    pas_avant=quand,
                    progression=0,
                    message=f"Tentative {self.travail.tentative} échouée, la suivante dans {delai_s} s",
                )
            )
            if rendu:
                oublier_la_reprise(self.travail)
                schedule(
                    "simulateur.travaux.entrees.executer",
                    self.travail._meta.label,
                    str(self.travail.pk),
                    name=_nom_de_reprise(self.travail),
                    schedule_type=Schedule.ONCE,
                    next_run=quand,
                )
        if not rendu:
            self.finir(Etat.ANNULEE, MESSAGE_ANNULEE)


def _nom_de_reprise(travail: Travail) -> str:
    return f"reprise {travail.pk}"


def oublier_la_reprise(travail: Travail) -> None:
    """Une reprise planifiée au plus par travail : Django-Q refuse deux planifications de même nom."""
    Schedule.objects.filter(name=_nom_de_reprise(travail)).delete()
