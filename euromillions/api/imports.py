"""API des imports : dépôt d'un fichier, confirmation, conflits. Réservée au personnel."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from euromillions.imports.conflits import ConflitRefuse, trancher
from euromillions.imports.forms import verifier_le_depot
from euromillions.imports.lignes import FichierRefuse
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
from euromillions.perms import peut_gerer_les_tirages
from simulateur.api.conventions import Conflit as Conflit409

DEUX_DECISIONS = (Resolution.GARDER, Resolution.REMPLACER)


class DuPersonnel(BasePermission):
    message = "Réservé au personnel."

    def has_permission(self, request: Request, view: Any) -> bool:
        return peut_gerer_les_tirages(request.user)


class DepotSerializer(serializers.Serializer[Any]):
    fichier = serializers.FileField(help_text="CSV, ou zip d'un seul CSV.")
    appliquer = serializers.BooleanField(default=False, help_text="Faux : aperçu gardé, à confirmer.")
    malgre_soupcon = serializers.BooleanField(
        default=False, help_text="Ajouter même si le fichier semble être celui d'un autre jeu."
    )

    def validate_fichier(self, depot: Any) -> Any:
        try:
            verifier_le_depot(depot)
        except FichierRefuse as refus:
            raise serializers.ValidationError(str(refus)) from refus
        return depot


class ConfirmationSerializer(serializers.Serializer[Any]):
    malgre_soupcon = serializers.BooleanField(default=False)


class CompteRenduSerializer(serializers.Serializer[Any]):
    """Les quatre comptes (leur somme est `lignes`) et leurs détails, bornés à 200 par liste."""

    id = serializers.IntegerField()
    nom_fichier = serializers.CharField()
    sha256 = serializers.CharField()
    format = serializers.CharField()
    encodage = serializers.CharField()
    etat = serializers.ChoiceField(choices=["apercu", "applique"])
    lignes = serializers.IntegerField()
    ajoutes = serializers.IntegerField()
    identiques = serializers.IntegerField()
    conflits = serializers.IntegerField()
    invalides = serializers.IntegerField()
    fictifs_supprimes = serializers.IntegerField()
    rapport = serializers.DictField()


class ConflitSerializer(serializers.ModelSerializer[ConflitTirage]):
    date = serializers.DateField(source="tirage.date")
    fichier = serializers.CharField(source="import_tirages.nom_fichier")
    en_place = serializers.SerializerMethodField()
    propose = serializers.SerializerMethodField()

    class Meta:
        model = ConflitTirage
        fields = ("id", "date", "fichier", "ligne", "en_place", "propose", "resolution", "resolu_le")

    def get_en_place(self, conflit: ConflitTirage) -> dict[str, list[int]]:
        return {"numeros": list(conflit.tirage.numeros), "etoiles": list(conflit.tirage.etoiles)}

    def get_propose(self, conflit: ConflitTirage) -> dict[str, list[int]]:
        return {"numeros": list(conflit.numeros), "etoiles": list(conflit.etoiles)}


class DecisionSerializer(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=[(choix.value, choix.label) for choix in DEUX_DECISIONS])


class DepotDeFichier(APIView):
    permission_classes = [DuPersonnel]
    parser_classes = [MultiPartParser]

    @extend_schema(
        request={"multipart/form-data": DepotSerializer},
        responses={
            200: CompteRenduSerializer,
            400: OpenApiResponse(
                description="Fichier illisible ou trop gros : `champs.fichier` dit pourquoi."
            ),
            409: OpenApiResponse(description="Peut-être un autre jeu : rien n'est écrit."),
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
            if not depot.validated_data["appliquer"]:
                return Response(en_dict(previsualiser(fichier, auteur=request.user)))
            (fait,) = importer(
                [fichier], auteur=request.user, malgre_soupcon=depot.validated_data["malgre_soupcon"]
            )
        except FichierRefuse as refus:
            raise serializers.ValidationError({"fichier": [str(refus)]}) from refus
        except ImportSuspect as soupcon:
            raise Conflit409(str(soupcon)) from soupcon
        return Response(en_dict(fait))


class Confirmation(APIView):
    permission_classes = [DuPersonnel]

    @extend_schema(
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


@extend_schema(summary="Conflits d'import en attente d'une décision")
class Conflits(generics.ListAPIView[ConflitTirage]):
    permission_classes = [DuPersonnel]
    serializer_class = ConflitSerializer
    filter_backends = []
    queryset = (
        ConflitTirage.objects.filter(resolution=Resolution.EN_ATTENTE)
        .select_related("tirage", "import_tirages")
        .defer("import_tirages__contenu", "import_tirages__rapport")
    )


class Decision(APIView):
    permission_classes = [DuPersonnel]

    @extend_schema(
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
