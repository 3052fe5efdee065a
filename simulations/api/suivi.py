"""API du suivi : une simulation lancée, celles qui vivent."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from simulateur.api import gardees
from simulateur.api.etats import etat_api
from simulateur.api.formes import forme
from simulateur.api.travaux import annuler, suivi
from simulateur.api.vues import VueApi
from simulateur.models import Etat
from simulations import perms
from simulations.api import schemas
from simulations.models import Simulation
from simulations.resultats.etat import etat_de
from simulations.resultats.restitution import resultat


class Tache(VueApi):
    """Suivi et annulation d'une simulation."""

    def _simulation(self, task_id: str) -> Simulation:
        try:
            cle = UUID(task_id)
        except ValueError:
            raise Http404 from None
        visibles = Simulation.objects.visible_par(self.request.user).pour_suivi()
        simulation: Simulation = get_object_or_404(visibles.select_related("scenario", "demandeur"), pk=cle)
        return simulation

    @extend_schema(
        summary="État, progression et résultat d'une simulation",
        responses={
            200: forme(schemas.SuiviSimulation),
            404: OpenApiResponse(description="Identifiant inconnu"),
        },
        tags=["simulations"],
    )
    def get(self, request: Request, task_id: str) -> HttpResponse:
        simulation = self._simulation(task_id)
        if simulation.etat == Etat.TERMINEE:
            return gardees.repondre(request, lambda: etat_de([simulation]), lambda: _suivi(simulation))
        return Response(_suivi(simulation))

    @extend_schema(
        summary="Annuler une simulation",
        responses={
            200: forme(schemas.AnnulationSimulation),
            404: OpenApiResponse(description="Identifiant inconnu"),
        },
        tags=["simulations"],
    )
    def delete(self, request: Request, task_id: str) -> Response:
        simulation = self._simulation(task_id)
        if not perms.peut_annuler(request.user, simulation):
            raise PermissionDenied
        return Response(annuler(simulation, "simulation"))


def _suivi(simulation: Simulation) -> dict[str, Any]:
    """Les lignes de centres ne sont lues qu'une fois finie."""
    etat = etat_api(simulation)
    corps = suivi(simulation, progress=simulation.progression)
    corps["result"] = resultat(simulation) if etat == "SUCCESS" else None
    if etat == "PROGRESS":
        corps["details"] = {"tentative": simulation.tentative, "message": simulation.message}
    if etat == "FAILURE" and simulation.reference_erreur:
        corps["details"] = {"reference": simulation.reference_erreur}
    return corps


class TachesActives(VueApi):
    @extend_schema(summary="Travaux en cours et en file", responses=forme(schemas.Actifs), tags=["file"])
    def get(self, request: Request) -> Response:
        vivantes = Simulation.objects.visible_par(request.user).pour_liste().pour_suivi().vivants()
        lignes = [
            {
                "task_id": str(simulation.pk),
                "state": etat_api(simulation),
                "progress": simulation.progression,
                "niveau": simulation.niveau,
                "libelle": simulation.libelle,
                "demandeur": simulation.demandeur.get_username() if simulation.demandeur else None,
                "created_at": simulation.cree_le.isoformat(),
                "started_at": simulation.demarre_le.isoformat() if simulation.demarre_le else None,
            }
            for simulation in vivantes
        ]
        return Response(
            {
                "active": [ligne for ligne in lignes if ligne["state"] == "PROGRESS"],
                "queued": [ligne for ligne in lignes if ligne["state"] == "PENDING"],
                "total": len(lignes),
            }
        )
