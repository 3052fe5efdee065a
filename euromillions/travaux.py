"""Travaux périodiques de la file : préchauffage, contrôle des tirages manquants, ménage du cache."""

import logging
from typing import Any

from django.utils import timezone

from euromillions import lectures, menage
from euromillions.filters import Filtre

journal = logging.getLogger(__name__)


def actualiser_statistiques() -> dict[str, Any]:
    """Calcule d'avance les statistiques rapides, complètes et par ère ; signale les tirages manquants."""
    numero = lectures.revision()
    codes = [ere["code"] for ere in lectures.eres(numero)]
    filtres = [Filtre(), *(Filtre(era=code) for code in codes)]
    for filtre in filtres:
        lectures.statistiques_rapides(filtre, numero)
        lectures.statistiques_completes(filtre, numero)
    recente = lectures.annees(numero)[:1]
    for annee in recente:
        lectures.statistiques_rapides(Filtre(year=annee["year"]), numero)
    manquants = lectures.manquants(numero, timezone.localdate())
    if manquants:
        journal.warning("%d tirages manquants, le plus récent le %s", len(manquants), manquants[0])
    return {
        "revision": numero,
        "selections": len(filtres) + len(recente),
        "tirages_manquants": len(manquants),
        "derniers_manquants": manquants[:10],
    }


def nettoyer_cache() -> dict[str, int]:
    """Retire les entrées qu'aucune lecture ne peut plus demander ; rend les nombres vus et retirés."""
    bilan = menage.nettoyer(lectures.revision())
    journal.info("ménage du cache EuroMillions : %s", bilan)
    return bilan
