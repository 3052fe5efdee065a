"""Le faucheur : reprend les travaux dont l'ouvrier a disparu et ceux que la file a oubliés."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_q.models import OrmQ

from simulateur.mesures.metriques import TRAVAUX_FINIS
from simulateur.models import Etat, Travail
from simulateur.travaux.horloge import heure_de_la_base
from simulateur.travaux.machine import enfiler

journal = logging.getLogger(__name__)

FUTUR = timedelta(seconds=60)  # plus d'avance que deux machines à l'heure n'en ont
AGE_MINIMAL_S = 5  # un travail tout juste créé peut ne pas encore être visible dans la file


def modeles_de_travail() -> list[type[Travail]]:
    return [modele for modele in apps.get_models() if issubclass(modele, Travail)]


def faucher(*, maintenant: datetime | None = None) -> dict[str, int]:
    """Rend les comptes {repris, en_erreur, annules, remis_en_file}."""
    maintenant = maintenant or heure_de_la_base()
    comptes = {"repris": 0, "en_erreur": 0, "annules": 0, "remis_en_file": 0}
    en_attente = _entrees_de_file_en_attente(maintenant)
    for modele in modeles_de_travail():
        _reprendre_les_abandonnes(modele, maintenant, comptes)
        _remettre_les_oublies(modele, maintenant, en_attente, comptes)
    return comptes


def _reprendre_les_abandonnes(modele: type[Travail], maintenant: datetime, comptes: dict[str, int]) -> None:
    perdu = timedelta(seconds=settings.TRAVAUX_BATTEMENT_PERDU_S)
    # Un battement dans le futur vient d'une horloge remise à l'heure : il ne vieillirait jamais.
    muets = Q(battement__lt=maintenant - perdu) | Q(battement__gt=maintenant + perdu + FUTUR)
    for travail in modele._default_manager.filter(muets, etat=Etat.EN_COURS):
        # Tout ce qui a décidé : si l'ouvrier vient de battre ou qu'on vient d'annuler, 0 ligne, on le laisse.
        ligne = modele._default_manager.filter(
            pk=travail.pk,
            etat=Etat.EN_COURS,
            jeton=travail.jeton,
            battement=travail.battement,
            annulation_demandee_le=travail.annulation_demandee_le,
        )
        if travail.annulation_demandee_le:
            comptes["annules"] += _conclure(travail, ligne, Etat.ANNULEE, "Annulée (ouvrier disparu)")
        elif travail.pertes >= travail.PERTES_MAX - 1:
            phrase = f"L'ouvrier a disparu {travail.pertes + 1} fois : abandon"
            comptes["en_erreur"] += _conclure(travail, ligne, Etat.EN_ERREUR, phrase)
        else:
            with transaction.atomic():
                repris = ligne.update(
                    etat=Etat.EN_FILE,
                    pertes=F("pertes") + 1,
                    jeton=None,
                    battement=None,
                    progression=0,
                    message="L'ouvrier a disparu, reprise",
                )
                if repris:
                    enfiler(travail)
            comptes["repris"] += repris
            if repris:
                _journaliser(travail, "remis en file")


def _journaliser(travail: Travail, suite: str) -> None:
    journal.warning(
        "%s %s, tentative %s : ouvrier muet depuis %s, %s",
        *(travail._meta.label, travail.pk, travail.tentative, travail.battement, suite),
    )


def _conclure(travail: Travail, ligne: "QuerySet[Any]", etat: Etat, message: str) -> int:
    """Finit la ligne si elle n'a pas bougé, et ne compte que ce que cet UPDATE a lui-même fini."""
    finies: int = ligne.update(etat=etat, jeton=None, termine_le=timezone.now(), message=message)
    if finies:
        _journaliser(travail, message)
        TRAVAUX_FINIS.labels(ligne.model._meta.label, etat).inc(finies)
    return finies


def _remettre_les_oublies(
    modele: type[Travail], maintenant: datetime, en_attente: set[str], comptes: dict[str, int]
) -> None:
    oublies = modele._default_manager.filter(
        Q(pas_avant__isnull=True) | Q(pas_avant__lte=maintenant),
        etat=Etat.EN_FILE,
        cree_le__lt=maintenant - timedelta(seconds=AGE_MINIMAL_S),
    ).exclude(tache_file__in=en_attente)
    for travail in oublies:
        enfiler(travail)
        journal.warning("%s %s : absent de la file, remis", modele._meta.label, travail.pk)
        comptes["remis_en_file"] += 1


def _entrees_de_file_en_attente(maintenant: datetime) -> set[str]:
    """Identifiants encore livrables : libres, ou pris depuis peu par une grappe qui travaille.

    Une entrée prise depuis longtemps peut être celle d'une grappe morte. Remettre le travail en file est
    alors sans danger : la réclamation conditionnelle n'en laisse passer qu'une.
    """
    reprise = timedelta(seconds=settings.Q_CLUSTER["retry"])
    perdu = timedelta(seconds=settings.TRAVAUX_BATTEMENT_PERDU_S)
    entrees = OrmQ.objects.filter(Q(lock__lte=maintenant) | Q(lock__gt=maintenant + reprise - perdu))
    return {str(entree.task_id()) for entree in entrees.iterator()}
