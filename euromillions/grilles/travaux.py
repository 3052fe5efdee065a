"""Anciens noms : ceux des travaux mis en file avant le déménagement vers `euromillions.travaux`."""

from simulateur.travaux.anciens import renvoyer

__getattr__ = renvoyer(
    "euromillions.travaux",
    *("elaguer_les_mesures", "juger_les_grilles", "purge_hebdomadaire"),
    *("rapport_hebdomadaire", "reapprendre_le_modele"),
)
