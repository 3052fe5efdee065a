"""API des imports : dépôt d'un fichier, confirmation, conflits. Réservée au personnel."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from euromillions.api.filtre import ETIQUETTE
from euromillions.api.permissions import DuPersonnel
from euromillions.api.serializers.imports import (
    CompteRenduSerializer,
    ConfirmationSerializer,
    ConflitSerializer,
    DecisionSerializer,
    DepotSerializer,
)
from euromillions.imports.conflits import ConflitRefuse, trancher
from euromillions.imports.service import (
    DejaApplique,
    Fichier,
    ImportSuspect,
    confirmer,
    en_dict,
    importer,
    previsualiser,
)
from euromillions.models import ConflitTirage, ImportTirages, Resolution
from simulateur.api.conventions import Conflit as Conflit409
from simulateur.api.vues import VueApi
from simulateur.fichiers.limites import FichierRefuse


class DepotDeFichier(VueApi):
    permission_classes = [DuPersonnel]
    parser_classes = [MultiPartParser]

    @extend_schema(
        tags=ETIQUETTE,
        request={"multipart/form-data": DepotSerializer},
        responses={
            200: CompteRenduSerializer,
            400: OpenApiResponse(
                description="Fichier illisible ou trop gros : `champs.fichier` dit pourquoi."
            ),
            409: OpenApiResponse(description="Autre jeu ou tirage recopié, peut-être : rien n'est écrit."),
        },
        summary="Importer un fichier de tirages",
    )
    def post(self, request: Request) -> Response:
        """Aperçu gardé (`appliquer=false`) ou import immédiat, en une transaction (`appliquer=true`)."""
        depot = DepotSerializer(data=request.data)
        depot.is_valid(raise_exception=True)
        recu = depot.validated_data["fichier"]
        fichier = Fichier(recu.name, recu.read())
        try:
            style_date = depot.validated_data.get("style_date", "")
            if not depot.validated_data["appliquer"]:
                return Response(en_dict(previsualiser(fichier, auteur=request.user, style_date=style_date)))
            (fait,) = importer(
                [fichier],
                auteur=request.user,
                malgre_soupcon=depot.validated_data["malgre_soupcon"],
                style_date=style_date,
            )
        except FichierRefuse as refus:
            raise serializers.ValidationError({"fichier": [str(refus)]}) from refus
        except ImportSuspect as soupcon:
            raise Conflit409(str(soupcon)) from soupcon
        return Response(en_dict(fait))


class Confirmation(VueApi):
    permission_classes = [DuPersonnel]

    @extend_schema(
        tags=ETIQUETTE,
        request=ConfirmationSerializer,
        responses={
            200: CompteRenduSerializer,
            409: OpenApiResponse(description="Suspect, ou déjà appliqué."),
        },
        summary="Appliquer un aperçu d'import",
    )
    def post(self, request: Request, cle: int) -> Response:
        demande = ConfirmationSerializer(data=request.data)
        demande.is_valid(raise_exception=True)
        apercu = get_object_or_404(ImportTirages, pk=cle)
        try:
            fait = confirmer(apercu, auteur=request.user, **demande.validated_data)
        except (ImportSuspect, DejaApplique, FichierRefuse) as refus:
            raise Conflit409(str(refus)) from refus
        return Response(en_dict(fait))


@extend_schema(tags=ETIQUETTE, summary="Conflits d'import en attente d'une décision")
class Conflits(VueApi, generics.ListAPIView[ConflitTirage]):
    permission_classes = [DuPersonnel]
    serializer_class = ConflitSerializer
    filter_backends = []
    queryset = (
        ConflitTirage.objects.filter(resolution=Resolution.EN_ATTENTE)
        .select_related("tirage", "import_tirages")
        .defer("import_tirages__contenu", "import_tirages__rapport")
    )


class Decision(VueApi):
    permission_classes = [DuPersonnel]

    @extend_schema(
        tags=ETIQUETTE,
        request=DecisionSerializer,
        responses={200: ConflitSerializer, 409: OpenApiResponse(description="Déjà tranché.")},
        summary="Trancher un conflit : garder ou remplacer",
    )
    def post(self, request: Request, cle: int) -> Response:
        demande = DecisionSerializer(data=request.data)
        demande.is_valid(raise_exception=True)
        conflit = get_object_or_404(ConflitTirage, pk=cle)
        try:
            trancher(conflit, decision=demande.validated_data["decision"], auteur=request.user)
        except ConflitRefuse as refus:
            raise Conflit409(str(refus)) from refus
        return Response(ConflitSerializer(ConflitTirage.objects.select_related("tirage").get(pk=cle)).data)
