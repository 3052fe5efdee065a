"""Comparer ce qui est gardé à ce qu'un cache vide rendrait : les tests de fraîcheur de chaque métier."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.test import Client

from simulateur.cache.memoire import Memoire

# Ce qui change à chaque envoi : jetons, clé de formulaire, identifiant de requête, instant d'un calcul.
VARIABLE = re.compile(
    rb'csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"|name="cle" value="[0-9a-f-]{36}"'
    rb'|"requete":"\w+"|alcul\S+ le [^<]+|"(computed_at|cached)":[^,}]+'
)
Lues = dict[tuple[int, str], tuple[int, bytes]]


def lire(clients: Sequence[Client], adresses: Iterable[str]) -> Lues:
    """(rang du client, adresse) → (code, contenu sans ce qui varie)."""
    lues: Lues = {}
    for adresse in adresses:
        for rang, client in enumerate(clients):
            reponse: Any = client.get(adresse)
            lues[rang, adresse] = (reponse.status_code, VARIABLE.sub(b"", reponse.content))
    return lues


def perimees(clients: Sequence[Client], adresses: Sequence[str]) -> list[tuple[int, str]]:
    """Les lectures qui ne sont pas celles qu'un cache vide rendrait."""
    gardees = lire(clients, adresses)
    Memoire.tout_oublier()
    for alias in settings.CACHES:
        caches[alias].clear()
    neuves = lire(clients, adresses)
    return [cle for cle in neuves if gardees[cle] != neuves[cle]]
