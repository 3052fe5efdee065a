"""Qui peut quoi sur une simulation et un scénario : une fonction par question, pour toutes les façades."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from referentiels.perms import etendue_de, peut_lire, peut_voir_les_couts
from simulateur.perms import peut
from simulations.models import Export, Scenario, Simulation

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
    return peut_consulter(compte) and _est_dans(Simulation.objects.visible_par(compte), compte, simulation)


def peut_rejouer(compte: Any, simulation: Simulation) -> bool:
    """Lancer, sur tout le périmètre de cette simulation : un partage la montre, sans plus."""
    return peut_lancer(compte) and a_tout_le_perimetre(compte, simulation)


def a_tout_le_perimetre(compte: Any, simulation: Simulation) -> bool:
    return _est_dans(Simulation.objects.dans_le_perimetre(compte), compte, simulation)


def peut_partager(compte: Any, simulation: Simulation) -> bool:
    """Son demandeur, ou qui agit sur toutes ; l'un comme l'autre sur tout son périmètre."""
    permis = simulation.demandeur_id == compte.pk or agit_sur_toutes(compte)
    return permis and a_tout_le_perimetre(compte, simulation)


def _est_dans(lignes: Any, compte: Any, objet: Any) -> bool:
    """Aucune requête pour qui voit le pays."""
    return etendue_de(compte).pays or bool(lignes.filter(pk=objet.pk).exists())


def agit_sur_toutes(compte: Any) -> bool:
    """Annuler, relancer, conserver ce que d'autres ont demandé."""
    return peut_consulter(compte) and peut(compte, "simulations.change_simulation")


def peut_annuler(compte: Any, simulation: Simulation) -> bool:
    """Son demandeur, s'il peut encore lancer, ou qui agit sur toutes."""
    la_sienne = peut_lancer(compte) and simulation.demandeur_id == compte.pk
    return la_sienne or (agit_sur_toutes(compte) and a_tout_le_perimetre(compte, simulation))


def peut_relancer(compte: Any, simulation: Simulation) -> bool:
    return peut_annuler(compte, simulation)


def exports_visibles(compte: Any) -> "QuerySet[Export]":
    """Ceux qu'il a demandés ; tous, pour qui agit sur toutes et voit les coûts : le fichier peut les dire.

    D'une simulation qu'il voit encore : le fichier en porte chaque chiffre.
    """
    exports = Export.objects.all()
    if not (agit_sur_toutes(compte) and peut_voir_les_couts(compte)):
        exports = exports.filter(demandeur=compte)
    if etendue_de(compte).pays:
        return exports
    return exports.filter(simulation__in=Simulation.objects.visible_par(compte))


def lignes_visibles(lignes: Any, compte: Any) -> Any:
    """Les lignes (résultats, parts, exports) des simulations que ce compte voit."""
    if etendue_de(compte).pays:
        return lignes
    return lignes.filter(simulation__in=Simulation.objects.visible_par(compte))


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
