"""Tables de l'application EuroMillions."""

from euromillions.models.eres import Ere, Rang
from euromillions.models.imports import ConflitTirage, EtatImport, ImportTirages, Resolution
from euromillions.models.tirages import GainRang, HistoriqueTirage, Source, Tirage

__all__ = [
    "ConflitTirage",
    "Ere",
    "EtatImport",
    "GainRang",
    "HistoriqueTirage",
    "ImportTirages",
    "Rang",
    "Resolution",
    "Source",
    "Tirage",
]
