"""Tables des simulations : le calcul demandé, ses résultats, ses scénarios, ses exports."""

from simulations.models.exports import ContenuExport, Export
from simulations.models.instantanes import Instantane, PartSimulation
from simulations.models.resultats import Mesures, Resultat, ResultatCentre, ResultatPoste
from simulations.models.scenarios import Scenario
from simulations.models.simulation import Simulation
from simulations.models.visibles import DirectionVisee, Partage

__all__ = [
    "ContenuExport",
    "DirectionVisee",
    "Export",
    "Instantane",
    "Mesures",
    "PartSimulation",
    "Partage",
    "Resultat",
    "ResultatCentre",
    "ResultatPoste",
    "Scenario",
    "Simulation",
]
