"""API du périmètre : ce que voit le compte qui demande."""

from typing import TypedDict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from referentiels.api.base import ETIQUETTE
from referentiels.models import Direction
from referentiels.perms import etendue_de
from simulateur.api.formes import forme
from simulateur.api.vues import VueApi


class DirectionVue(TypedDict):
    id: int
    code: str
    nom: str


class Perimetre(TypedDict):
    """`pays` : toutes les directions, celles à venir comprises."""

    pays: bool
    directions: list[DirectionVue]


class MonPerimetre(VueApi):
    @extend_schema(
        summary="Les directions que voit ce compte, ou tout le pays",
        responses=forme(Perimetre),
        tags=ETIQUETTE,
    )
    def get(self, request: Request) -> Response:
        vues = Direction.objects.visible_par(request.user).order_by("nom", "code")
        directions = list(vues.values("id", "code", "nom"))
        return Response({"pays": etendue_de(request.user).pays, "directions": directions})
