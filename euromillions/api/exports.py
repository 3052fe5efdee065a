"""API des téléchargements : ce que les pages montrent, en csv ou en classeur."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request

from euromillions.api.filtre import ETIQUETTE, PARAMETRES_FILTRE, lire_le_filtre
from euromillions.api.permissions import Consulter
from euromillions.lectures import exports as contenus
from euromillions.lectures import histoire
from euromillions.models import Backtest, Tirage
from euromillions.precision import exports as mesures
from simulateur.api.conventions import Conflit
from simulateur.api.vues import VueApi
from simulateur.fichiers.tableaux import FORMATS, TYPES_MIME
from simulateur.models import Etat
from simulateur.web.piece_jointe import en_piece_jointe

FORMAT = OpenApiParameter("format", str, enum=FORMATS, description="xlsx par défaut.")
FICHIERS = {(200, type_mime): OpenApiTypes.BINARY for type_mime in TYPES_MIME.values()}


def lire_le_format(request: Request) -> str:
    format_ = request.query_params.get("format") or "xlsx"
    if format_ not in FORMATS:
        raise exceptions.ValidationError({"format": [f"Permis : {', '.join(FORMATS)}."]})
    return format_


@extend_schema(tags=ETIQUETTE)
class ExporterLaSelection(VueApi):
    permission_classes = [Consulter]
    contenu = "tirages"

    @extend_schema(
        summary="Tirages, fréquences ou paires de la sélection, en fichier",
        parameters=[*PARAMETRES_FILTRE, FORMAT],
        responses=FICHIERS,
    )
    def get(self, request: Request) -> HttpResponse:
        format_, revision = lire_le_format(request), histoire.revision()
        filtre = lire_le_filtre(request, revision)
        if self.contenu in contenus.DE_LA_SELECTION:
            return en_piece_jointe(contenus.DE_LA_SELECTION[self.contenu](filtre, revision, format_))
        choisis = filtre.appliquer(Tirage.objects.all())
        return en_piece_jointe(contenus.tirages(choisis, filtre.parametres, revision, format_))


@extend_schema(tags=ETIQUETTE)
class ExporterMesGrilles(VueApi):
    permission_classes = [Consulter]

    @extend_schema(
        summary="Mes grilles et leur jugement, en fichier", parameters=[FORMAT], responses=FICHIERS
    )
    def get(self, request: Request) -> HttpResponse:
        format_ = lire_le_format(request)
        return en_piece_jointe(contenus.grilles(request.user, histoire.revision(), format_))


@extend_schema(tags=ETIQUETTE)
class ExporterUnBacktest(VueApi):
    permission_classes = [Consulter]

    @extend_schema(
        summary="Un backtest terminé, en fichier",
        parameters=[FORMAT],
        responses={
            **FICHIERS,
            404: OpenApiResponse(description="Identifiant inconnu"),
            409: OpenApiResponse(description="Backtest pas encore terminé"),
        },
    )
    def get(self, request: Request, cle: UUID) -> HttpResponse:
        format_ = lire_le_format(request)
        lu = Backtest.objects.filter(pk=cle).first()
        if lu is None:
            raise exceptions.NotFound("Aucun backtest n'a cet identifiant.")
        if lu.etat != Etat.TERMINEE:
            raise Conflit("Ce backtest n'est pas terminé : il n'a rien à emporter.")
        return en_piece_jointe(mesures.backtest(lu, format_))
