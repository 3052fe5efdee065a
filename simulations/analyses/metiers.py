"""Les métiers, tels que le résultat les somme : déjà en base, rien n'est recalculé ni mis en cache."""

from simulations.analyses.analyse import Analyse, Corps
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation
from simulations.resultats.metiers import metiers


def par_metier(simulation: Simulation, perimetre: Perimetre) -> Corps:
    return {**metiers(simulation, perimetre)}


ANALYSE = Analyse(
    code="metiers",
    libelle="Par métier",
    phrase="Chaque titre de poste, additionné sur ses centres",
    calcul=par_metier,
    a_niveaux=False,
)
