"""Qui peut quoi sur un scénario : une fonction par question, pour la page, l'API et l'admin."""

from typing import Any

from simulations.models import Scenario
from simulations.perms import peut_lancer


def peut_voir(compte: Any, scenario: Scenario) -> bool:
    return peut_lancer(compte)


def peut_creer(compte: Any) -> bool:
    return peut_lancer(compte)


def peut_dupliquer(compte: Any, scenario: Scenario) -> bool:
    return peut_lancer(compte)


def peut_simuler(compte: Any, scenario: Scenario) -> bool:
    return peut_lancer(compte)


def peut_changer(compte: Any, scenario: Scenario) -> bool:
    """Modifier, valider, supprimer : son propriétaire ou l'équipe."""
    return peut_lancer(compte) and (compte.is_staff or scenario.proprietaire_id == compte.pk)
