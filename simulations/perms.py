"""Qui peut quoi sur une simulation : une fonction par question, pour la page, l'API et l'admin."""

from typing import Any

from simulations.models import Simulation


def peut_lancer(utilisateur: Any) -> bool:
    return bool(utilisateur.is_authenticated and utilisateur.is_active)


def peut_voir(utilisateur: Any, simulation: Simulation) -> bool:
    return peut_lancer(utilisateur)


def peut_annuler(utilisateur: Any, simulation: Simulation) -> bool:
    """Son demandeur, ou un membre du service."""
    return peut_lancer(utilisateur) and (utilisateur.is_staff or simulation.demandeur_id == utilisateur.pk)


def peut_relancer(utilisateur: Any, simulation: Simulation) -> bool:
    return peut_annuler(utilisateur, simulation)
