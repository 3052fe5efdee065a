"""La machine à états d'un travail de fond : réclamer, progresser, annuler, terminer, reprendre.

Règle : toute transition est un UPDATE conditionnel, et seul « 1 ligne » veut dire « c'est moi ».
Django-Q livre au moins une fois ; l'unicité de l'exécution et le nombre de tentatives sont tenus ici.
"""

import logging
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django_q.exceptions import TimeoutException
from django_q.models import Schedule
from django_q.tasks import async_task, schedule

from simulateur.mesures.metriques import TRAVAUX_FINIS, TRAVAUX_SECONDES
from simulateur.models import Etat, Travail
from simulateur.travaux import sortes
from simulateur.web.refus import Refus

journal = logging.getLogger(__name__)

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
        self._ecrire_ou_partir(battement=timezone.now(), progression=progression, message=message[:300])

    def terminer(self, enregistrer: Callable[[], None] | None = None, **champs: Any) -> None:
        """État final et résultats dans une seule transaction ; rien n'est écrit si un autre la tient."""
        with transaction.atomic():
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
                _oublier_la_reprise(self.travail)
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


def _oublier_la_reprise(travail: Travail) -> None:
    """Une reprise planifiée au plus par travail : Django-Q refuse deux planifications de même nom."""
    Schedule.objects.filter(name=_nom_de_reprise(travail)).delete()


def enfiler(travail: Travail) -> None:
    """Met la clé du travail en file, dans la transaction courante : annulée avec elle."""
    travail.tache_file = async_task(
        "simulateur.travaux.entrees.executer",
        travail._meta.label,
        str(travail.pk),
        task_name=f"{travail._meta.model_name} {str(travail.pk)[:8]}",
        group=travail._meta.label,
    )
    type(travail)._default_manager.filter(pk=travail.pk).update(tache_file=travail.tache_file)


def creer_et_enfiler(travail: Travail) -> tuple[Travail, bool]:
    """Enregistre et met en file ; rend (travail, vrai si nouveau).

    Avec une clé d'idempotence déjà vue du même demandeur : le travail existant si l'empreinte est la
    même, CleDejaUtilisee sinon.
    """
    modele = type(travail)
    if travail.cle_idempotence:
        ancien = modele._default_manager.filter(
            demandeur=travail.demandeur, cle_idempotence=travail.cle_idempotence
        ).first()
        if ancien is not None:
            return _meme_ou_conflit(ancien, travail), False
    try:
        with transaction.atomic():
            travail.save(force_insert=True)
            enfiler(travail)
    except IntegrityError:
        ancien = modele._default_manager.filter(
            demandeur=travail.demandeur, cle_idempotence=travail.cle_idempotence
        ).first()
        if not travail.cle_idempotence or ancien is None:
            raise
        return _meme_ou_conflit(ancien, travail), False
    return travail, True


def _meme_ou_conflit(ancien: Any, nouveau: Travail) -> Travail:
    if ancien.empreinte != nouveau.empreinte:
        raise CleDejaUtilisee("Cette clé d'idempotence a déjà servi pour une autre demande.")
    return ancien


def reclamer(travail: Travail) -> Prise | None:
    """en_file → en_cours en un UPDATE ; None si un autre l'a, si c'est fini ou trop tôt."""
    maintenant = timezone.now()
    jeton = uuid.uuid4()
    pris = (
        type(travail)
        ._default_manager.filter(pk=travail.pk, etat=Etat.EN_FILE, tentative__lt=travail.tentatives_max)
        .filter(Q(pas_avant__isnull=True) | Q(pas_avant__lte=maintenant))
        .update(
            etat=Etat.EN_COURS,
            tentative=F("tentative") + 1,
            jeton=jeton,
            battement=maintenant,
            demarre_le=maintenant,
            progression=0,
            message="",
        )
    )
    if pris != 1:
        return None
    travail.refresh_from_db()
    return Prise(travail=travail, jeton=jeton)


def executer(etiquette: str, cle: str) -> str:
    """Point d'entrée de la file : réclame, travaille, conclut. Rend l'état atteint (texte de l'admin)."""
    modele = apps.get_model(etiquette)
    travail = modele._default_manager.filter(pk=cle).first()
    if travail is None:
        return "ligne supprimée"
    prise = reclamer(travail)
    if prise is None:
        return "déjà pris ou fini"
    try:
        sortes.travailleur(etiquette)(travail, prise)
    except Annulation:
        prise.finir(Etat.ANNULEE, MESSAGE_ANNULEE)
    except Refus as refus:
        prise.finir(Etat.REFUSEE, str(refus))
    except PrisePerdue:
        journal.warning("%s %s : repris par un autre ouvrier, abandon", etiquette, cle)
        return "perdu"
    except TimeoutException:
        _echouer(prise, "Délai d'exécution dépassé", definitif=True)
        raise
    except Exception:
        _echouer(prise, "Erreur interne")
    travail.refresh_from_db()
    if prise.conclue:
        TRAVAUX_FINIS.labels(etiquette, travail.etat).inc()
        TRAVAUX_SECONDES.labels(etiquette).observe(travail.duree_s or 0.0)
    return str(travail.etat)


def _echouer(prise: Prise, phrase: str, *, definitif: bool = False) -> None:
    """Journalise la trace sous une référence ; rend le travail à la file tant qu'il reste des tentatives."""
    reference = secrets.token_hex(4).upper()
    travail = prise.travail
    journal.exception(
        "travail %s %s, tentative %s, référence %s",
        travail._meta.label,
        travail.pk,
        travail.tentative,
        reference,
    )
    if definitif or travail.tentative >= travail.tentatives_max:
        prise.finir(Etat.EN_ERREUR, f"{phrase} (référence {reference})", reference_erreur=reference)
        return
    delai = settings.TRAVAUX_DELAI_REPRISE_S
    prise.rendre(travail.delai_reprise_s if delai is None else delai)


def annuler(travail: Travail) -> Etat:
    """Demande l'annulation ; rend l'état constaté.

    ANNULEE : c'était en file, c'est fait. EN_COURS : drapeau posé, l'ouvrier s'arrête en moins d'une
    seconde. Autre : déjà fini, rien n'a changé.
    """
    lignes = type(travail)._default_manager.filter(pk=travail.pk)
    while True:
        maintenant = timezone.now()
        if lignes.filter(etat=Etat.EN_FILE).update(
            etat=Etat.ANNULEE,
            termine_le=maintenant,
            annulation_demandee_le=maintenant,
            message="Annulée avant de commencer",
        ):
            _oublier_la_reprise(travail)
            return Etat.ANNULEE
        if lignes.filter(etat=Etat.EN_COURS).update(annulation_demandee_le=maintenant):
            return Etat.EN_COURS
        travail.refresh_from_db()
        if travail.est_fini:
            return Etat(travail.etat)
        # Rendu à la file entre les deux regards : recommencer.


def relancer(travail: Travail) -> bool:
    """Remet en file un travail refusé, en erreur ou annulé, tentatives à zéro ; faux si impossible."""
    with transaction.atomic():
        remis = (
            type(travail)
            ._default_manager.filter(
                pk=travail.pk, etat__in=(Etat.REFUSEE, Etat.EN_ERREUR, Etat.ANNULEE), jeton__isnull=True
            )
            .update(
                etat=Etat.EN_FILE,
                tentative=0,
                battement=None,
                annulation_demandee_le=None,
                pas_avant=None,
                demarre_le=None,
                termine_le=None,
                progression=0,
                message="",
                reference_erreur="",
            )
        )
        if remis:
            enfiler(travail)
    return bool(remis)
