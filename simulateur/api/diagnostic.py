"""API du diagnostic, pour l'équipe : ce que disent la page et la commande."""

from typing import TypedDict

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from simulateur.api.formes import forme
from simulateur.api.vues import VueApi
from simulateur.exploitation.diagnostic import en_dict, examiner
from simulateur.perms import peut_lire_l_etat


class ConstatJson(TypedDict):
    """`ok` : nul quand il n'y a rien à juger encore."""

    nom: str
    ok: bool | None
    constat: str
    remede: str
    verdict: str


class DiagnosticJson(TypedDict):
    ok: bool
    constats: list[ConstatJson]


class VueDiagnostic(VueApi):
    @extend_schema(
        summary="Diagnostic du service (équipe)", responses=forme(DiagnosticJson), tags=["exploitation"]
    )
    def get(self, request: Request) -> Response:
        if not peut_lire_l_etat(request.user):
            raise PermissionDenied
        return Response(en_dict(examiner()))
