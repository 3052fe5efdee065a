"""API des imports, réservée au personnel. Sans `a_blanc=false`, un import est un essai."""

from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import generics, parsers, permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from referentiels.imports.defaire import defaire
from referentiels.imports.rapport import NOTATIONS, OptionsDeLecture
from referentiels.imports.service import Demande, Genre, importer, trouver_centre, trouver_typologie
from referentiels.imports.taches import remplir_depuis_modele
from referentiels.lectures.filters import ImportFilter
from referentiels.models import Centre, ImportFichier
from referentiels.models.activite import ANNEE_MAX, ANNEE_MIN
from referentiels.perms import PAYS, etendue_de, peut_importer, peut_voir_les_couts
from simulateur.api.conventions import Conflit
from simulateur.api.vues import VueApi
from simulateur.fichiers.limites import FichierRefuse
from simulateur.fichiers.reception import verifier_taille
from simulateur.travaux.prise import Refus
from simulateur.web.intergiciels import identifiant_courant

CHAMPS = (
    "id",
    "genre",
    "nom_fichier",
    "sha256",
    "octets",
    "cible",
    "a_blanc",
    "applique",
    "defait_le",
    "par",
    "cree_le",
)


class EstImporteur(permissions.BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return peut_importer(request.user)


class RapportImport(serializers.ModelSerializer):
    """Un import avec son rapport complet."""

    par = serializers.CharField(source="par.username", default=None, read_only=True)

    class Meta:
        model = ImportFichier
        fields: tuple[str, ...] = (*CHAMPS, "rapport")
        read_only_fields = fields


class ResumeImport(RapportImport):
    """Un import sans son rapport, pour la liste."""

    class Meta(RapportImport.Meta):
        fields = CHAMPS
        read_only_fields = fields


class EnvoiFichier(serializers.Serializer):
    fichier = serializers.FileField(help_text="Classeur xlsx, xls, xlsb ou ods, ou fichier csv.")
    a_blanc = serializers.BooleanField(default=True, help_text="Faux pour écrire ; vrai par défaut.")
    masques = serializers.BooleanField(default=False, help_text="Lire aussi feuilles et lignes masquées.")
    fusions = serializers.BooleanField(default=False, help_text="Recopier les cellules fusionnées.")
    notation = serializers.ChoiceField(
        choices=sorted(NOTATIONS),
        required=False,
        help_text="Séparateur décimal de tout le fichier ; par défaut, chaque colonne décide.",
    )

    def validate_fichier(self, fichier: UploadedFile) -> UploadedFile:
        try:
            verifier_taille(fichier.size or 0)
        except FichierRefuse as refus:
            raise serializers.ValidationError(str(refus)) from None
        return fichier

    @property
    def lecture(self) -> OptionsDeLecture:
        propres = self.validated_data
        notation = propres.get("notation", "")
        return {"masques": propres["masques"], "fusions": propres["fusions"], "notation": notation}

    def demande(self) -> Demande:
        raise NotImplementedError


class EnvoiTaches(EnvoiFichier):
    centre = serializers.CharField(
        required=False, help_text="Code du centre ; ni lui ni typologie : une colonne Centre."
    )
    typologie = serializers.CharField(required=False, help_text="Code de la typologie (table modèle).")
    remplacer = serializers.BooleanField(default=False, help_text="Supprime les tâches absentes du fichier.")

    def validate_centre(self, code: str) -> Centre:
        try:
            return trouver_centre(code, self.context.get("etendue", PAYS))
        except Refus as refus:
            raise serializers.ValidationError(str(refus)) from None

    def validate_typologie(self, code: str) -> Any:
        try:
            return trouver_typologie(code)
        except Refus as refus:
            raise serializers.ValidationError(str(refus)) from None

    def validate(self, donnees: dict[str, Any]) -> dict[str, Any]:
        if "centre" in donnees and "typologie" in donnees:
            raise serializers.ValidationError({"centre": "Donner un centre ou une typologie, pas les deux."})
        return donnees

    def demande(self) -> Demande:
        propres = self.validated_data
        return Demande(
            genre=Genre.TACHES,
            centre=propres.get("centre"),
            typologie=propres.get("typologie"),
            remplacer=propres["remplacer"],
            **self.lecture,
        )


class EnvoiVolumes(EnvoiFichier):
    annee = serializers.IntegerField(
        required=False,
        min_value=ANNEE_MIN,
        max_value=ANNEE_MAX,
        help_text="Année des lignes qui n'en donnent pas.",
    )

    def demande(self) -> Demande:
        return Demande(genre=Genre.VOLUMES, annee=self.validated_data.get("annee"), **self.lecture)


class EnvoiEffectifs(EnvoiFichier):
    def demande(self) -> Demande:
        return Demande(genre=Genre.EFFECTIFS, **self.lecture)


class EnvoiReseau(EnvoiFichier):
    genre_importe = Genre.RESEAU
    remplacer = serializers.BooleanField(
        default=False, help_text="Supprime les lignes absentes des tables du fichier qui le permettent."
    )

    def demande(self) -> Demande:
        return Demande(genre=self.genre_importe, remplacer=self.validated_data["remplacer"], **self.lecture)


class EnvoiRegles(EnvoiReseau):
    genre_importe = Genre.REGLES


class VueImport(VueApi):
    """Un fichier en multipart ; 201 et le rapport, 400 si le fichier est illisible ou l'écriture refusée."""

    permission_classes = (EstImporteur,)
    parser_classes = (parsers.MultiPartParser,)
    serializer_class: type[EnvoiFichier] = EnvoiFichier

    def post(self, request: Request) -> Response:
        envoi = self.serializer_class(data=request.data, context={"etendue": etendue_de(request.user)})
        envoi.is_valid(raise_exception=True)
        fichier, a_blanc = envoi.validated_data["fichier"], envoi.validated_data["a_blanc"]
        demande = replace(envoi.demande(), couts=peut_voir_les_couts(request.user))
        trace = importer(demande, contenu=fichier.read(), nom=fichier.name, a_blanc=a_blanc, par=request.user)
        corps = RapportImport(trace).data
        if trace.rapport["refus"] or (not a_blanc and not trace.rapport["accepte"]):
            refus = {"detail": trace.rapport["phrase"], "import": corps, "requete": identifiant_courant.get()}
            return Response(refus, status=status.HTTP_400_BAD_REQUEST)
        return Response(corps, status=status.HTTP_201_CREATED)


@extend_schema(tags=["imports"], request={"multipart/form-data": EnvoiTaches}, responses={201: RapportImport})
class ImporterTaches(VueImport):
    serializer_class = EnvoiTaches


@extend_schema(
    tags=["imports"], request={"multipart/form-data": EnvoiVolumes}, responses={201: RapportImport}
)
class ImporterVolumes(VueImport):
    serializer_class = EnvoiVolumes


@extend_schema(
    tags=["imports"], request={"multipart/form-data": EnvoiEffectifs}, responses={201: RapportImport}
)
class ImporterEffectifs(VueImport):
    serializer_class = EnvoiEffectifs


@extend_schema(tags=["imports"], request={"multipart/form-data": EnvoiReseau}, responses={201: RapportImport})
class ImporterReseau(VueImport):
    """Une feuille par table : régions, directions, typologies, centres, postes, paramètres des centres."""

    serializer_class = EnvoiReseau


@extend_schema(tags=["imports"], request={"multipart/form-data": EnvoiRegles}, responses={201: RapportImport})
class ImporterRegles(VueImport):
    """Une feuille par table : flux, cellules, produits, unités, phases, synonymes, exclusions, réglages…"""

    serializer_class = EnvoiRegles


@extend_schema(tags=["imports"])
class Imports(VueApi, generics.ListAPIView):
    """Imports passés, essais compris, du plus récent au plus ancien."""

    permission_classes = (EstImporteur,)
    serializer_class = ResumeImport
    queryset = ImportFichier.objects.select_related("par").defer("rapport")
    filterset_class = ImportFilter

    def get_queryset(self) -> Any:
        lignes: Any = super().get_queryset()
        return lignes.visible_par(self.request.user)


@extend_schema(tags=["imports"])
class Import(VueApi, generics.RetrieveAPIView):
    """Un import et son rapport complet."""

    permission_classes = (EstImporteur,)
    serializer_class = RapportImport
    queryset = ImportFichier.objects.select_related("par")

    def get_queryset(self) -> Any:
        lignes: Any = super().get_queryset()
        return lignes.visible_par(self.request.user)


class Defaire(VueApi):
    """Défait un import appliqué : chaque ligne qu'il a écrite vaut de nouveau ce qu'elle valait."""

    permission_classes = (EstImporteur,)

    @extend_schema(tags=["imports"], request=None, responses={200: RapportImport})
    def post(self, request: Request, pk: int) -> Response:
        visibles = ImportFichier.objects.visible_par(request.user).select_related("par")
        trace = generics.get_object_or_404(visibles, pk=pk)
        try:
            return Response(RapportImport(defaire(trace, par=request.user)).data)
        except Refus as refus:
            raise Conflit(str(refus)) from None


class RemplirDepuisModele(VueApi):
    """Copie la table modèle de la typologie dans un centre sans tâche."""

    permission_classes = (EstImporteur,)

    @extend_schema(
        tags=["imports"],
        request=None,
        responses={201: inline_serializer("TachesCopiees", {"taches_creees": serializers.IntegerField()})},
    )
    def post(self, request: Request, pk: int) -> Response:
        visibles = Centre.objects.visible_par(request.user).select_related("typologie")
        centre = generics.get_object_or_404(visibles, pk=pk)
        try:
            nombre = remplir_depuis_modele(centre)
        except Refus as refus:
            raise Conflit(str(refus)) from None
        return Response({"taches_creees": nombre}, status=status.HTTP_201_CREATED)
