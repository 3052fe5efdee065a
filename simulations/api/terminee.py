"""Lire la simulation qu'une vue de l'API demande : 404 ou 409."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from simulateur.models import Etat
from simulateur.web.refus import Refus
from simulations.models import Simulation


def lire_terminee(compte: Any, cle: UUID) -> Simulation:
    """La simulation terminée que ce compte peut voir."""
    lues = Simulation.objects.visible_par(compte).select_related("scenario", "demandeur")
    simulation: Simulation = get_object_or_404(lues, pk=cle)
    if simulation.etat != Etat.TERMINEE:
        raise Refus(f"Cette simulation n'a pas de résultat : {simulation.get_etat_display().lower()}.")
    return simulation
