"""Le courtier de la file : celui de django-q2 en base, réveillé sans attendre, les travaux courts d'abord.

- Une entrée validée réveille aussitôt une grappe par Valkey ; sans lui, la grappe regarde toutes les 0,2 s.
- Un canari est pour une grappe : il attend sous une clé que les autres ne regardent pas.
- Un travail long (`sortes.declarer(…, longs=…)`) attend sous une autre clé. La grappe sert d'abord les courts
  et ne donne jamais son dernier ouvrier libre à un long : cinquante calculs du pays n'affament personne.
"""

import logging
import time
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.conf import Conf

from simulateur.models import Etat
from simulateur.travaux import sortes
from simulateur.travaux.horloge import heure_de_la_base

journal = logging.getLogger(__name__)
SUFFIXE_LONG = "-long"
SIGNE_DE_GRAPPE = "@"
REVEILS_MAX = 16


def cle_de_file(*, long: bool) -> str:
    return f"{Conf.CLUSTER_NAME}{SUFFIXE_LONG}" if long else str(Conf.CLUSTER_NAME)


def cle_de_grappe(grappe: str) -> str:
    """Ce que seule cette grappe prendra."""
    return f"{Conf.CLUSTER_NAME}{SIGNE_DE_GRAPPE}{grappe}"


class Courtier(ORM):
    """L'attente entre deux regards est tenue ici, et non par le `poll` de django-q2."""

    def enqueue(self, task: Any) -> Any:
        cle = super().enqueue(task)
        transaction.on_commit(self._reveiller, robust=True)
        return cle

    def dequeue(self) -> list[tuple[int, Any]] | None:
        pris = self._prendre(cle_de_grappe(settings.GRAPPE)) if settings.GRAPPE else []
        pris = pris or self._prendre(cle_de_file(long=False))
        if not pris and self._place_pour_un_long():
            pris = self._prendre(cle_de_file(long=True))
        if not pris:
            self._attendre()
        return pris

    def _prendre(self, cle: str) -> list[tuple[int, Any]]:
        """La plus ancienne entrée libre, si aucune autre grappe ne la prend avant."""
        for entree in self.get_connection().filter(key=cle, lock__lt=timezone.now()).order_by("pk")[:1]:
            libre = self.get_connection().filter(pk=entree.pk, lock=entree.lock)
            if libre.update(lock=self.timeout(entree)):
                return [(entree.pk, entree.payload)]
        return []

    def _place_pour_un_long(self) -> bool:
        longs = self.get_connection().filter(key=cle_de_file(long=True))
        maintenant = timezone.now()
        if not longs.filter(lock__lt=maintenant).exists():
            return False
        # Une entrée prise il y a peu n'a pas toujours commencé : son verrou le dit avant son battement.
        perdu = timedelta(seconds=settings.TRAVAUX_BATTEMENT_PERDU_S)
        pris = longs.filter(lock__gt=maintenant + timedelta(seconds=Conf.RETRY) - perdu).count()
        return max(pris, longs_en_cours()) < max(1, Conf.WORKERS - 1)

    def _reveiller(self) -> None:
        client = _client_valkey()
        if client is not None:
            client.rpush(self._cle_de_reveil, 1)
            client.ltrim(self._cle_de_reveil, -REVEILS_MAX, -1)

    def _attendre(self) -> None:
        try:
            client = _client_valkey()
            if client is not None:
                client.blpop([self._cle_de_reveil], timeout=settings.FILE_REGARD_S)
                return
        except Exception as erreur:
            journal.debug("réveil de la file indisponible : %s", erreur)
        time.sleep(settings.FILE_REGARD_S)

    @property
    def _cle_de_reveil(self) -> str:
        return f"file:reveil:{Conf.CLUSTER_NAME}"


def longs_en_cours() -> int:
    """Travaux longs dont l'ouvrier bat : ceux d'une grappe morte ne tiennent la place de personne."""
    depuis = heure_de_la_base() - timedelta(seconds=settings.TRAVAUX_BATTEMENT_PERDU_S)
    return sum(
        apps.get_model(etiquette)
        ._default_manager.filter(etat=Etat.EN_COURS, battement__gt=depuis, **longs)
        .count()
        for etiquette, longs in sortes.longues().items()
    )


def _client_valkey() -> Any:
    """Le client du cache, None s'il est en base."""
    client = getattr(caches["default"], "client", None)
    return client.get_client(write=True) if client is not None else None
