"""API des partages d'une simulation, à son demandeur et à l'équipe."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from simulateur.api.formes import forme
from simulateur.api.vues import VueApi
from simulations import perms
from simulations.api import schemas
from simulations.demandes import options
from simulations.models import Partage, Simulation
from simulations.resultats.partages import partager, reprendre

REFUSES = {
    403: OpenApiResponse(description="Seuls son demandeur et l'équipe la partagent"),
    404: OpenApiResponse(description="Identifiant inconnu"),
}


def _la_sienne(request: Request, cle: UUID) -> Simulation:
    visibles = Simulation.objects.visible_par(request.user)
    lue: Simulation = get_object_or_404(visibles.pour_suivi(), pk=cle)
    if not perms.peut_partager(request.user, lue):
        raise PermissionDenied("Seuls son demandeur et l'équipe partagent une simulation.")
    return lue


def _forme(partage: Partage) -> schemas.Partage:
    return {
        "id": partage.pk,
        "compte": partage.compte.get_username() if partage.compte else None,
        "groupe": partage.groupe.name if partage.groupe else None,
        "cree_le": partage.cree_le.isoformat(),
    }


class Partages(VueApi):
    @extend_schema(
        summary="Avec qui une simulation est partagée",
        responses={200: forme(schemas.Partage)(many=True), **REFUSES},
        tags=["simulations"],
    )
    def get(self, request: Request, cle: UUID) -> Response:
        siens = _la_sienne(request, cle).partages.select_related("compte", "groupe")
        return Response([_forme(partage) for partage in siens])

    @extend_schema(
        summary="Partager une simulation avec un compte ou un groupe, par son nom",
        request=forme(schemas.PartageDemande),
        responses={
            201: forme(schemas.Partage),
            400: OpenApiTypes.OBJECT,
            409: OpenApiResponse(description="Déjà partagée"),
            **REFUSES,
        },
        tags=["simulations"],
    )
    def post(self, request: Request, cle: UUID) -> Response:
        simulation = _la_sienne(request, cle)
        corps = options.corps(request.data)
        partage = partager(
            simulation, compte=corps.get("compte"), groupe=corps.get("groupe"), par=request.user
        )
        return Response(_forme(partage), status=status.HTTP_201_CREATED)


class UnPartage(VueApi):
    @extend_schema(summary="Retirer un partage", responses={204: None, **REFUSES}, tags=["simulations"])
    def delete(self, request: Request, cle: UUID, pk: int) -> Response:
        if not reprendre(_la_sienne(request, cle), pk):
            raise Http404
        return Response(status=status.HTTP_204_NO_CONTENT)
