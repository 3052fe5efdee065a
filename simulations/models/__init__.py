"""Tables des simulations : le calcul demandé, ses résultats, ses scénarios, ses exports."""

from simulations.models.exports import ContenuExport, Export
from simulations.models.scenarios import Scenario
from simulations.models.simulation import (
    Instantane,
    Mesures,
    PartSimulation,
    Resultat,
    ResultatCentre,
    ResultatPoste,
    Simulation,
)

__all__ = [
    "ContenuExport",
    "Export",
    "Instantane",
    "Mesures",
    "PartSimulation",
    "Resultat",
    "ResultatCentre",
    "ResultatPoste",
    "Scenario",
    "Simulation",
]
