"""Tables des simulations : le calcul demandé, ses résultats, ses scénarios, ses exports."""

from simulations.models.exports import ContenuExport, Export
from simulations.models.instantanes import Instantane, PartSimulation
from simulations.models.resultats import Mesures, Resultat, ResultatCentre, ResultatPoste
from simulations.models.scenarios import Scenario
from simulations.models.simulation import Simulation

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
