"""Vitesse des statistiques : cache, calcul sur toute l'histoire, un million de tirages."""

import json
import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from bancs.comptes import compte_du_banc
from bancs.outil import Banc, Mesure, mediane_s
from euromillions.lectures import histoire
from euromillions.lectures.filtre import Filtre
from euromillions.models import Tirage
from euromillions.statistiques import complet, rapide
from euromillions.tirages.demo import charger_fictifs

RAPIDES = "/api/euromillions/quick-stats"
# Dans un processus neuf : sa mémoire est celle des statistiques, pas celle du banc.
_MILLION = """
import json
from euromillions.statistiques import complet
from bancs.euromillions.synthese import historique_synthetique
from bancs.outil import mediane_s, pic_memoire_mo
historique = historique_synthetique(1_000_000)
duree = mediane_s(lambda: complet(historique), fois=3, echauffement=0)
print(json.dumps([duree, pic_memoire_mo()]))
"""


def bancs() -> list[Banc]:
    return [
        Banc("euromillions : statistiques", _statistiques),
        Banc("euromillions : un million de tirages", _million, phases=("embarque",)),
    ]


def _statistiques() -> Iterator[Mesure]:
    if not Tirage.objects.exists():
        charger_fictifs(jusqu_au=timezone.localdate())
    filtre = Filtre()
    detail = f"{Tirage.objects.count()} tirages"
    yield from _depuis_le_cache(detail)
    sans_cache = mediane_s(lambda: rapide(histoire.charger(filtre)))
    yield Mesure("quick-stats, sans cache", sans_cache * 1e3, "ms", 30, detail)
    completes = mediane_s(lambda: complet(histoire.charger(filtre)))
    yield Mesure("statistiques complètes, sans cache", completes * 1e3, "ms", 150, detail)


def _depuis_le_cache(detail: str) -> Iterator[Mesure]:
    """L'appel entier de l'API, authentification exclue."""
    utilisateur = compte_du_banc()
    client = APIClient(SERVER_NAME="localhost")
    client.force_authenticate(utilisateur)
    client.get(RAPIDES)
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(RAPIDES)
    # Lu tout de suite : la requête suivante vide le journal de la connexion.
    nombre = len(requetes)
    if reponse.status_code != HTTPStatus.OK or not reponse.json()["cached"]:
        raise RuntimeError(
            f"quick-stats n'a pas répondu du cache : {reponse.status_code}, {reponse.content[:300]!r}"
        )
    yield Mesure(
        "quick-stats, du cache", mediane_s(lambda: client.get(RAPIDES), fois=51) * 1e3, "ms", 5, detail
    )
    yield Mesure("quick-stats, du cache : requêtes", nombre, "requête", 1)


def _million() -> Iterator[Mesure]:
    sortie = subprocess.run(
        [sys.executable, "-c", _MILLION],
        cwd=settings.BASE_DIR,
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    duree, memoire = json.loads(sortie.stdout)
    yield Mesure("statistiques complètes, 1 000 000 de tirages", duree, "s", 2)
    yield Mesure("pic de mémoire", memoire, "Mo", 400)
