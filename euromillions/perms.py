"""Qui peut quoi : une fonction par question, la même pour les pages, l'API et l'admin."""

from typing import Any

from euromillions.models.grilles import VOIR_TOUTES
from simulateur.perms import peut


def peut_consulter(utilisateur: Any) -> bool:
    """Lire les tirages et les statistiques : toute personne connectée."""
    return bool(utilisateur.is_authenticated and utilisateur.is_active)


def peut_gerer_les_tirages(utilisateur: Any) -> bool:
    """Ajouter, corriger, supprimer ou importer des tirages."""
    return peut(utilisateur, *(f"euromillions.{geste}_tirage" for geste in ("add", "change", "delete")))


def peut_generer(utilisateur: Any) -> bool:
    """Générer des grilles : toute personne connectée."""
    return peut_consulter(utilisateur)


def peut_voir_la_generation(utilisateur: Any, generation: Any) -> bool:
    """Les siennes ; toutes pour qui a la permission de les voir."""
    siennes = peut_consulter(utilisateur) and generation.demandeur_id == utilisateur.pk
    return siennes or peut(utilisateur, VOIR_TOUTES)


def peut_annuler_la_generation(utilisateur: Any, generation: Any) -> bool:
    siennes = peut_consulter(utilisateur) and generation.demandeur_id == utilisateur.pk
    return siennes or peut(utilisateur, "euromillions.change_generation")


def peut_relancer_la_generation(utilisateur: Any, generation: Any) -> bool:
    return peut_annuler_la_generation(utilisateur, generation)
