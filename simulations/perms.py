"""Qui peut quoi sur une simulation et un scénario : une fonction par question, pour toutes les façades."""

from typing import Any

from simulations.models import Scenario, Simulation


def peut_lancer(utilisateur: Any) -> bool:
    return bool(utilisateur.is_authenticated and utilisateur.is_active)


def peut_voir(utilisateur: Any, simulation: Simulation) -> bool:
    return peut_lancer(utilisateur)


def peut_annuler(utilisateur: Any, simulation: Simulation) -> bool:
    """Son demandeur, ou un membre du service."""
    return peut_lancer(utilisateur) and (utilisateur.is_staff or simulation.demandeur_id == utilisateur.pk)


def peut_relancer(utilisateur: Any, simulation: Simulation) -> bool:
    return peut_annuler(utilisateur, simulation)


def peut_voir_scenario(compte: Any, scenario: Scenario) -> bool:
    return peut_lancer(compte)


def peut_creer_scenario(compte: Any) -> bool:
    return peut_lancer(compte)


def peut_dupliquer_scenario(compte: Any, scenario: Scenario) -> bool:
    return peut_lancer(compte)


def peut_simuler_scenario(compte: Any, scenario: Scenario) -> bool:
    return peut_lancer(compte)


def peut_changer_scenario(compte: Any, scenario: Scenario) -> bool:
    """Modifier, valider, supprimer : son propriétaire ou l'équipe."""
    return peut_lancer(compte) and (compte.is_staff or scenario.proprietaire_id == compte.pk)
