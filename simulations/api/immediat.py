"""API immédiate : un centre, un poste, les trois modes d'une direction."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from referentiels.models import Centre, CentrePoste, Direction
from referentiels.perms import etendue_de
from simulateur.api.formes import forme
from simulateur.api.vues import VueApi
from simulations import perms
from simulations.api import schemas
from simulations.api.documentation import REPONSES
from simulations.calculs.immediat import (
    comparer_les_modes,
    comparer_les_modes_du_centre,
    simuler_centre,
    simuler_poste,
)
from simulations.demandes import options
from simulations.demandes.demande import lire_demande


def _vus(request: Request, modele: Any) -> Any:
    """Les lignes que voit ce compte."""
    return modele.objects.visible_par(request.user)


class _Immediat(VueApi):
    corps_juge = False

    def repondre(
        self,
        request: Request,
        calcul: Any,
        objet: Any,
        *,
        direction_id: int | None = None,
        centre_id: int | None = None,
    ) -> Response:
        if not perms.peut_lancer(request.user):
            raise PermissionDenied
        demande = lire_demande(
            request.data,
            direction_id=direction_id,
            centre_ids=None if centre_id is None else [centre_id],
            inconnus_refuses=True,
            etendue=etendue_de(request.user),
        )
        annee = options.annee(options.corps(request.data))
        return Response(calcul(objet, demande, annee))


class SimulationCentre(_Immediat):
    @extend_schema(
        summary="Dimensionner un centre tout de suite : chaque poste, MOD et MOI",
        request=forme(schemas.DemandeImmediate),
        responses=REPONSES,
        tags=["simulations"],
    )
    def post(self, request: Request, centre_id: int) -> Response:
        centre = get_object_or_404(_vus(request, Centre).select_related("direction"), pk=centre_id)
        return self.repondre(request, simuler_centre, centre, centre_id=centre.pk)


class SimulationPoste(_Immediat):
    @extend_schema(
        summary="Dimensionner un poste tout de suite : chaque tâche et sa formule en mots",
        request=forme(schemas.DemandeImmediate),
        responses=REPONSES,
        tags=["simulations"],
    )
    def post(self, request: Request, centre_poste_id: int) -> Response:
        tenu = get_object_or_404(
            _vus(request, CentrePoste).select_related("centre__direction"), pk=centre_poste_id
        )
        return self.repondre(request, simuler_poste, tenu, centre_id=tenu.centre_id)


class ModesCompares(_Immediat):
    @extend_schema(
        summary="Les trois modes d'une direction, côte à côte",
        request=forme(schemas.DemandeImmediate),
        responses=REPONSES,
        tags=["simulations"],
    )
    def post(self, request: Request, direction_id: int) -> Response:
        direction = get_object_or_404(_vus(request, Direction), pk=direction_id)
        return self.repondre(request, comparer_les_modes, direction, direction_id=direction.pk)


class ModesDuCentre(_Immediat):
    @extend_schema(
        summary="Les trois modes d'un centre et de ses postes, côte à côte",
        request=forme(schemas.DemandeImmediate),
        responses=REPONSES,
        tags=["simulations"],
    )
    def post(self, request: Request, centre_id: int) -> Response:
        centre = get_object_or_404(_vus(request, Centre).select_related("direction"), pk=centre_id)
        return self.repondre(request, comparer_les_modes_du_centre, centre, centre_id=centre.pk)
