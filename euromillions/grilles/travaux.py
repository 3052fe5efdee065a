"""Anciens noms : ceux des travaux mis en file avant le déménagement vers `euromillions.travaux`."""

from euromillions.travaux import (
    elaguer_les_mesures,
    juger_les_grilles,
    purge_hebdomadaire,
    rapport_hebdomadaire,
    reapprendre_le_modele,
)

__all__ = [
    "elaguer_les_mesures",
    "juger_les_grilles",
    "purge_hebdomadaire",
    "rapport_hebdomadaire",
    "reapprendre_le_modele",
]
