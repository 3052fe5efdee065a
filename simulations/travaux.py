"""Points d'entrée de la file pour les simulations : une fonction par sorte de travail, et les périodiques."""

from simulateur.travaux.machine import Prise
from simulations.calculs import execution, rejeu
from simulations.calculs.purge import purger
from simulations.exports import fabrique
from simulations.models import Export, Simulation


def simuler(simulation: Simulation, prise: Prise) -> None:
    # Seul un rejeu a déjà ses parts avant d'être calculé : celles de l'original, copiées au lancement.
    faire = rejeu.executer_rejeu if simulation.parts.exists() else execution.executer
    faire(simulation, prise)


def exporter(export: Export, prise: Prise) -> None:
    fabrique.fabriquer(export, prise)


def purge_hebdomadaire() -> dict[str, int]:
    return purger().en_dict()
