"""La machine à états d'un travail de fond : réclamer, progresser, annuler, terminer, reprendre.

Règle : toute transition est un UPDATE conditionnel, et seul « 1 ligne » veut dire « c'est moi ».
Django-Q livre au moins une fois ; l'unicité de l'exécution et le nombre de tentatives sont tenus ici.
"""

import logging
import secrets
import uuid
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django_q.exceptions import TimeoutException
from django_q.tasks import async_task

from simulateur.mesures.metriques import TRAVAUX_ATTENTE, TRAVAUX_FINIS, TRAVAUX_PRIS, TRAVAUX_SECONDES
from simulateur.models import Etat, Travail
from simulateur.travaux import sortes
from simulateur.travaux.courtier import cle_de_file
from simulateur.travaux.prise import (
    MESSAGE_ANNULEE,
    Annulation,
    CleDejaUtilisee,
    Prise,
    PrisePerdue,
    oublier_la_reprise,
)
from simulateur.web.refus import Refus

journal = logging.getLogger(__name__)


def enfiler(travail: Travail) -> None:
    """Met la clé du travail en file, dans la transaction courante : annulée avec elle."""
    travail.tache_file = async_task(
        "simulateur.travaux.entrees.executer",
        travail._meta.label,
        str(travail.pk),
        task_name=f"{travail._meta.model_name} {str(travail.pk)[:8]}",
        group=travail._meta.label,
        cluster=cle_de_file(long=sortes.est_long(travail)),
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
        ._default_manager.filter(
            pk=travail.pk, etat=Etat.EN_FILE, tentative__lt=travail.tentatives_max + F("pertes")
        )
        .filter(Q(pas_avant__isnull=True) | Q(pas_avant__lte=maintenant))
        .update(
            etat=Etat.EN_COURS,
            tentative=F("tentative") + 1,
            jeton=jeton,
            battement=Now(),
            demarre_le=maintenant,
            progression=0,
            message="",
        )
    )
    if pris != 1:
        return None
    travail.refresh_from_db()
    TRAVAUX_PRIS.labels(travail._meta.label).inc()
    if travail.tentative == 1:
        TRAVAUX_ATTENTE.labels(travail._meta.label).observe((maintenant - travail.cree_le).total_seconds())
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
    if definitif or travail.epuise:
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
            oublier_la_reprise(travail)
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
                pertes=0,
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
