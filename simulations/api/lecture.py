"""Lire les simulations qu'une vue de l'API demande : 404, 403 ou 409."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from rest_framework.exceptions import PermissionDenied

from simulateur.api.conventions import Conflit
from simulateur.models import Etat
from simulateur.travaux.machine import Refus
from simulations import perms
from simulations.models import Simulation


def lire_terminee(compte: Any, cle: UUID) -> Simulation:
    """La simulation terminée que ce compte peut voir ; 404, 403 ou 409."""
    simulation: Simulation = get_object_or_404(Simulation.objects.select_related("scenario"), pk=cle)
    if not perms.peut_voir(compte, simulation):
        raise PermissionDenied
    if simulation.etat != Etat.TERMINEE:
        raise Conflit(f"Cette simulation n'a pas de résultat : {simulation.get_etat_display().lower()}.")
    return simulation


def lire_toutes(compte: Any, cles: list[UUID]) -> list[Simulation]:
    """Les simulations à comparer, dans l'ordre demandé. Une requête."""
    lues = {s.pk: s for s in Simulation.objects.select_related("scenario").filter(pk__in=cles)}
    for cle in cles:
        if cle not in lues:
            raise Conflit(f"La simulation {cle} n'existe pas ou a été purgée.")
        if not perms.peut_voir(compte, lues[cle]):
            raise PermissionDenied
        if lues[cle].etat != Etat.TERMINEE:
            raise Conflit(f"La simulation {cle} n'est pas terminée.")
    return [lues[cle] for cle in cles]


def ou_conflit(calcul: Any) -> Any:
    try:
        return calcul()
    except Refus as refus:
        raise Conflit(str(refus)) from None
