"""Vérifications système : les règles de la file et du cache, tenues au démarrage."""

import math
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

ETIQUETTE_FILE = "file"


@register(ETIQUETTE_FILE)
def verifier_la_file(**_: Any) -> list[CheckMessage]:
    file = settings.Q_CLUSTER
    erreurs: list[CheckMessage] = []
    minimum = file["timeout"] * (1 + math.ceil((file["queue_limit"] + file["bulk"]) / file["workers"]))
    if file["retry"] <= minimum:
        erreurs.append(
            Error(
                f"TRAVAUX_REPRISE_S ({file['retry']} s) est trop court pour TRAVAUX_DELAI_S "
                f"({file['timeout']} s) : un travail encore en cours serait livré une seconde fois.",
                hint=f"Mettre TRAVAUX_REPRISE_S au-dessus de {minimum}.",
                id="simulateur.E001",
            )
        )
    if not file.get("orm"):
        erreurs.append(
            Error(
                "La file doit passer par le courtier ORM : un travail en file suit alors la transaction.",
                hint="Q_CLUSTER['orm'] = 'default'.",
                id="simulateur.E002",
            )
        )
    if file["queue_limit"] != 1 or file["bulk"] != 1:
        erreurs.append(
            Error(
                "queue_limit et bulk doivent valoir 1 : un travail pris d'avance ne peut plus être annulé.",
                id="simulateur.E003",
            )
        )
    if file["timeout"] <= settings.TRAVAUX_BATTEMENT_PERDU_S:
        erreurs.append(
            Error(
                "TRAVAUX_BATTEMENT_PERDU_S doit rester sous TRAVAUX_DELAI_S.",
                hint="Un ouvrier bat au moins toutes les secondes ; 30 s suffisent.",
                id="simulateur.E004",
            )
        )
    return erreurs


@register(Tags.caches)
def verifier_les_caches(**_: Any) -> list[CheckMessage]:
    adresses = [cache["LOCATION"] for cache in settings.CACHES.values()]
    if len(set(adresses)) != len(adresses):
        return [
            Error(
                "Deux alias de cache ont la même adresse : leurs réglages se mélangeraient.",
                hint="Donner à chaque alias une base Redis différente.",
                id="simulateur.E005",
            )
        ]
    if any(cache["BACKEND"].endswith("DatabaseCache") for cache in settings.CACHES.values()):
        return [
            Warning(
                "Aucun Valkey ni Redis : le cache est en base, les réponses sont les mêmes mais plus lentes.",
                hint="Donner REDIS_URL, ou installer requirements-embarque.txt et « manage.py demarrer ».",
                id="simulateur.W001",
            )
        ]
    return []
