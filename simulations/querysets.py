"""Requêtes des simulations, nommées d'après la page qu'elles servent."""

from typing import Self

from simulateur.models import TravailQuerySet


class SimulationQuerySet(TravailQuerySet):
    def pour_liste(self) -> Self:
        return self.select_related("demandeur", "direction")

    def pour_suivi(self) -> Self:
        """Ce que lit le suivi d'un travail, sans les entrées volumineuses."""
        return self.defer("volumes_demandes", "centre_ids")
