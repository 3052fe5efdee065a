"""API des exports : immédiat quand il est petit, en tâche de fond sinon."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from referentiels.perms import peut_voir_les_couts
from simulateur.api.formes import forme
from simulateur.api.vues import VueApi
from simulateur.models import Etat
from simulateur.web.piece_jointe import en_piece_jointe
from simulateur.web.refus import Refus
from simulations.api import schemas
from simulations.api.documentation import parametre
from simulations.api.terminee import lire_terminee
from simulations.exports import services
from simulations.exports.fabrique import est_immediat, nom_de_fichier, produire
from simulations.models import ContenuExport, Export
from simulations.perms import exports_visibles

OPTIONS = [
    parametre("format", str, "xlsx, ou csv (une archive d'un fichier par feuille)", ("xlsx", "csv")),
    parametre("ecriture", str, "fr (1 234,5 ; 31/12/2026) ou iso", ("fr", "iso")),
]


FICHIERS = {(200, type_mime): OpenApiTypes.BINARY for type_mime in services.TYPES_MIME.values()}


def _forme(export: Export) -> schemas.Export:
    fini = export.etat == Etat.TERMINEE
    return {
        "id": str(export.pk),
        "etat": export.etat,
        "progression": export.progression,
        "message": export.message or str(export.get_etat_display()),
        "nom_fichier": export.nom_fichier,
        "octets": export.octets,
        "url": f"/api/exports/{export.pk}",
        "fichier": f"/api/exports/{export.pk}/fichier" if fini else None,
    }


class ExportDeSimulation(VueApi):
    @extend_schema(
        summary="Le fichier d'une simulation, si elle est assez petite",
        parameters=OPTIONS,
        responses={
            **FICHIERS,
            409: OpenApiResponse(description="Trop gros : le demander en tâche de fond (POST)"),
        },
        tags=["exports"],
    )
    def get(self, request: Request, cle: UUID) -> HttpResponse:
        format_, ecriture = services.lire_options(request.query_params)
        simulation = lire_terminee(request.user, cle)
        if not est_immediat(simulation):
            raise Refus("Export volumineux : le demander par POST, il se fera en tâche de fond.")
        octets = produire(simulation, format_, ecriture, couts=peut_voir_les_couts(request.user))
        return en_piece_jointe(services.fichier(nom_de_fichier(simulation, format_), format_, octets))

    @extend_schema(
        summary="Demander l'export en tâche de fond",
        parameters=OPTIONS,
        request=None,
        responses={202: forme(schemas.Export)},
        tags=["exports"],
    )
    def post(self, request: Request, cle: UUID) -> Response:
        format_, ecriture = services.lire_options(request.query_params)
        simulation = lire_terminee(request.user, cle)
        export = services.demander(simulation, format_=format_, ecriture=ecriture, demandeur=request.user)
        return Response(_forme(export), status=status.HTTP_202_ACCEPTED)


def lire_export(compte: Any, cle: UUID) -> Export:
    """L'export que ce compte peut suivre et télécharger ; 404 de ceux des autres."""
    export: Export = get_object_or_404(exports_visibles(compte), pk=cle)
    return export


class Suivi(VueApi):
    @extend_schema(
        summary="État et progression d'un export", responses=forme(schemas.Export), tags=["exports"]
    )
    def get(self, request: Request, cle: UUID) -> Response:
        return Response(_forme(lire_export(request.user, cle)))


class Fichier(VueApi):
    @extend_schema(
        summary="Télécharger un export terminé",
        responses={**FICHIERS, 409: OpenApiResponse(description="Pas encore terminé")},
        tags=["exports"],
    )
    def get(self, request: Request, cle: UUID) -> HttpResponse:
        export = lire_export(request.user, cle)
        contenu = ContenuExport.objects.filter(export=export).first()
        if export.etat != Etat.TERMINEE or contenu is None:
            raise Refus(f"Cet export n'est pas prêt : {export.get_etat_display().lower()}.")
        return en_piece_jointe(services.fichier(export.nom_fichier, export.format, contenu.octets))
