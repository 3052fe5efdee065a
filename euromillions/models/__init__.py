"""Tables de l'application EuroMillions."""

from euromillions.models.apprentissage import ModeleAppris
from euromillions.models.backtest import Backtest
from euromillions.models.eres import Ere, Rang
from euromillions.models.grilles import AncienJugement, Generation, Grille, Reglement, Strategie
from euromillions.models.imports import ConflitTirage, EtatImport, ImportTirages, Resolution
from euromillions.models.prix import PrixGrille
from euromillions.models.suivi import MesurePerformance, RapportHebdomadaire
from euromillions.models.tirages import GainRang, HistoriqueTirage, Source, Tirage

__all__ = [
    "AncienJugement",
    "Backtest",
    "ConflitTirage",
    "Ere",
    "EtatImport",
    "GainRang",
    "Generation",
    "Grille",
    "HistoriqueTirage",
    "ImportTirages",
    "MesurePerformance",
    "ModeleAppris",
    "PrixGrille",
    "Rang",
    "RapportHebdomadaire",
    "Reglement",
    "Resolution",
    "Source",
    "Strategie",
    "Tirage",
]
