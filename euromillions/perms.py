"""Qui peut quoi : une fonction par question, la même pour les pages, l'API et l'admin."""

from typing import Any


def peut_consulter(utilisateur: Any) -> bool:
    """Lire les tirages et les statistiques : toute personne connectée."""
    return bool(utilisateur.is_authenticated and utilisateur.is_active)


def peut_gerer_les_tirages(utilisateur: Any) -> bool:
    """Ajouter, corriger, supprimer ou importer des tirages : le personnel."""
    return peut_consulter(utilisateur) and bool(utilisateur.is_staff)


def peut_generer(utilisateur: Any) -> bool:
    """Générer des grilles : toute personne connectée."""
    return peut_consulter(utilisateur)


def peut_voir_la_generation(utilisateur: Any, generation: Any) -> bool:
    """Ses propres grilles ; toutes pour le personnel."""
    return peut_consulter(utilisateur) and (utilisateur.is_staff or generation.demandeur_id == utilisateur.pk)


def peut_annuler_la_generation(utilisateur: Any, generation: Any) -> bool:
    return peut_voir_la_generation(utilisateur, generation)


def peut_relancer_la_generation(utilisateur: Any, generation: Any) -> bool:
    return peut_annuler_la_generation(utilisateur, generation)
