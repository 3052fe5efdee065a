"""Qui peut quoi sur une simulation et un scénario : une fonction par question, pour toutes les façades."""

from typing import Any

from django.core.exceptions import PermissionDenied

from referentiels.perms import etendue_de, peut_lire, peut_voir_les_couts
from simulateur.perms import peut
from simulations.models import Scenario, Simulation

DU_PAYS = "L'ensemble du réseau demande le périmètre de tout le pays."


def peut_consulter(compte: Any) -> bool:
    """Entrer dans les pages et l'API des effectifs."""
    return peut_lire(compte) and peut(compte, "simulations.view_simulation")


def peut_lancer(compte: Any) -> bool:
    """Calculer, en file ou tout de suite."""
    return peut_consulter(compte) and peut(compte, "simulations.add_simulation")


def peut_consulter_le_pays(compte: Any) -> bool:
    return peut_consulter(compte) and etendue_de(compte).pays


def exiger_le_pays(compte: Any) -> None:
    """PermissionDenied, en mots, pour qui ne voit pas tout le pays."""
    if not etendue_de(compte).pays:
        raise PermissionDenied(DU_PAYS)


def peut_voir(compte: Any, simulation: Simulation) -> bool:
    return peut_consulter(compte)


def agit_sur_toutes(compte: Any) -> bool:
    """Annuler, relancer, conserver ce que d'autres ont demandé."""
    return peut_consulter(compte) and peut(compte, "simulations.change_simulation")


def peut_annuler(compte: Any, simulation: Simulation) -> bool:
    """Son demandeur, s'il peut encore lancer, ou qui agit sur toutes."""
    return agit_sur_toutes(compte) or (peut_lancer(compte) and simulation.demandeur_id == compte.pk)


def peut_relancer(compte: Any, simulation: Simulation) -> bool:
    return peut_annuler(compte, simulation)


def peut_telecharger(compte: Any, export: Any) -> bool:
    """Son demandeur, ou qui agit sur toutes et voit les coûts : le fichier peut les dire."""
    d_un_autre = agit_sur_toutes(compte) and peut_voir_les_couts(compte)
    return peut_consulter(compte) and (d_un_autre or export.demandeur_id == compte.pk)


def peut_voir_scenario(compte: Any, scenario: Scenario) -> bool:
    return peut_consulter(compte)


def peut_creer_scenario(compte: Any) -> bool:
    return peut_consulter(compte) and peut(compte, "simulations.add_scenario")


def peut_dupliquer_scenario(compte: Any, scenario: Scenario) -> bool:
    return peut_creer_scenario(compte)


def peut_simuler_scenario(compte: Any, scenario: Scenario) -> bool:
    return peut_lancer(compte)


def peut_changer_scenario(compte: Any, scenario: Scenario) -> bool:
    """Modifier, valider, supprimer : son propriétaire, ou qui change ceux des autres."""
    sien = scenario.proprietaire_id == compte.pk and peut_creer_scenario(compte)
    return sien or (peut_consulter(compte) and peut(compte, "simulations.change_scenario"))
