"""Compteurs par ouvrier, écrits par l'ouvrier lui-même à la fin de chaque travail."""

import os
import socket
from collections.abc import Mapping
from typing import Any

import psutil
from django.db.models import F
from django.utils import timezone

from simulateur.models import Ouvrier


def nom_de_cet_ouvrier() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def compter_execution(*, task: Mapping[str, Any], **_: Any) -> None:
    """Récepteur de `post_execute_in_worker`."""
    champ = "reussis" if task.get("success") else "echoues"
    lignes = Ouvrier.objects.filter(nom=nom_de_cet_ouvrier())
    memoire = psutil.Process().memory_info().rss
    if not lignes.update(vu_le=timezone.now(), memoire_octets=memoire, **{champ: F(champ) + 1}):
        valeurs = {champ: 1, "memoire_octets": memoire}
        Ouvrier.objects.get_or_create(nom=nom_de_cet_ouvrier(), defaults=valeurs)
