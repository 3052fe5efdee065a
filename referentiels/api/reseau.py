"""API du référentiel : lectures par le cache quand rien n'est filtré, écritures réservées à l'équipe."""

import gzip
from collections.abc import Callable
from typing import Any, ClassVar

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet
from django.http import HttpResponse
from django_filters import FilterSet
from django_filters.utils import translate_validation
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from referentiels.api import serializers
from referentiels.lectures import filters
from referentiels.lectures import referentiel as lecture
from referentiels.models import Centre, CentrePoste, Direction, Poste, Region, Tache
from referentiels.perms import AccesReferentiel
from simulateur.api.conventions import Conflit, LignesComptees, Pagination

PARAMETRES_DE_PAGE = {"page", "page_size"}
ETIQUETTE = ["Référentiel"]
SUPPRIMEE = {
    204: OpenApiResponse(description="Supprimé"),
    409: OpenApiResponse(description="D'autres lignes en dépendent"),
}


class GrandePagination(Pagination):
    """Les tâches d'un poste tiennent dans une page."""

    page_size = 500


class Lecture(viewsets.GenericViewSet):
    """Base des vues : liste paginée tirée du cache, ou de la base dès qu'un filtre est donné."""

    permission_classes = (AccesReferentiel,)
    lookup_value_regex = r"[0-9]+"

    def initial(self, request: Request, *args: Any, **options: Any) -> None:
        super().initial(request, *args, **options)
        # Au-delà, aucune ligne ne peut exister et SQLite refuserait le nombre.
        if any(int(cle) > filters.CLE_MAX for cle in self.kwargs.values()):
            raise NotFound

    def page(
        self,
        request: Request,
        *,
        en_cache: Callable[[], list[lecture.Ligne]],
        filtre: type[FilterSet] | None = None,
        requete: Callable[[], "QuerySet[Any]"] | None = None,
        pagination: type[Pagination] = Pagination,
    ) -> Response:
        """Une page de lignes. `requete` : la même liste en base, pour la filtrer."""
        pagineur = pagination()
        if filtre is None or requete is None or not set(request.query_params) - PARAMETRES_DE_PAGE:
            lignes = pagineur.paginate_queryset(en_cache(), request, view=self)
            return pagineur.get_paginated_response(lignes)
        choix = filtre(request.query_params, queryset=requete(), request=request)
        if not choix.is_valid():
            raise translate_validation(choix.errors)
        lignes = pagineur.paginate_queryset(choix.qs, request, view=self)
        if not lignes:
            # Rien trouvé : la lecture en cache dit si le parent existe, et lève 404 sinon.
            en_cache()
        return pagineur.get_paginated_response(lecture.en_lignes(lignes or []))


class Ressource(Lecture, viewsets.ModelViewSet):
    """Lecture et écriture d'un modèle. `lignes` fait d'un queryset les dictionnaires rendus."""

    lignes: ClassVar[Callable[..., "QuerySet[Any]"]]

    def _ligne(self, cle: Any) -> lecture.Ligne:
        trouvees = lecture.en_lignes(type(self).lignes(self.get_queryset().filter(pk=cle)))
        if not trouvees:
            raise NotFound
        return trouvees[0]

    def retrieve(self, request: Request, *args: Any, **options: Any) -> Response:
        return Response(self._ligne(self.kwargs["pk"]))

    def create(self, request: Request, *args: Any, **options: Any) -> Response:
        return Response(self._ecrire(request, instance=None), status=201)

    def update(self, request: Request, *args: Any, **options: Any) -> Response:
        partiel = bool(options.get("partial"))
        return Response(self._ecrire(request, instance=self.get_object(), partial=partiel))

    def _ecrire(
        self, request: Request, *, instance: Any, lies: dict[str, Any] | None = None, **options: Any
    ) -> lecture.Ligne:
        """Valide puis écrit ; `lies` : ce que le chemin impose (le centre d'un poste)."""
        contexte = {**self.get_serializer_context(), "lies": lies or {}}
        formulaire = self.get_serializer_class()(instance, data=request.data, context=contexte, **options)
        formulaire.is_valid(raise_exception=True)
        try:
            with transaction.atomic():
                objet = formulaire.save(**(lies or {}))
        except IntegrityError:
            raise Conflit("Une écriture simultanée a pris cette place : relire, puis recommencer.") from None
        return self._ligne(objet.pk)

    def perform_destroy(self, instance: Any) -> None:
        try:
            with transaction.atomic():
                instance.delete()
        except ProtectedError as erreur:
            liees = {str(objet._meta.verbose_name_plural) for objet in erreur.protected_objects}
            raise Conflit(
                f"« {instance} » ne se supprime pas : {len(erreur.protected_objects)} lignes en dépendent "
                f"({', '.join(sorted(liees))})."
            ) from None


def documenter(singulier: str, pluriel: str, **particulieres: Any) -> Any:
    """Les résumés OpenAPI des six opérations usuelles ; `singulier` avec son article (« une région »)."""

    def resume(phrase: str, **options: Any) -> Any:
        return extend_schema(summary=phrase, tags=ETIQUETTE, **options)

    usuelles = {
        "list": resume(f"Lister les {pluriel}"),
        "retrieve": resume(f"Lire {singulier}"),
        "create": resume(f"Créer {singulier} (équipe)"),
        "update": resume(f"Remplacer {singulier} (équipe)"),
        "partial_update": resume(f"Modifier {singulier} (équipe)"),
        "destroy": resume(f"Supprimer {singulier} (équipe)", responses=SUPPRIMEE),
    }
    return extend_schema_view(**{**usuelles, **particulieres})


@documenter("une région", "régions")
class RegionVue(Ressource):
    queryset = Region.objects.all()
    serializer_class = serializers.RegionSerializer
    filterset_class = filters.RegionFilter
    lignes = staticmethod(lecture.lignes_regions)

    def list(self, request: Request, *args: Any, **options: Any) -> Response:
        return self.page(
            request,
            en_cache=lecture.regions,
            filtre=filters.RegionFilter,
            requete=lambda: lecture.lignes_regions(Region.objects.all()),
        )


@documenter(
    "une direction",
    "directions",
    retrieve=extend_schema(
        summary="Lire une direction complète : centres, postes, tâches",
        tags=ETIQUETTE,
        responses=serializers.DirectionCompleteSerializer,
    ),
)
class DirectionVue(Ressource):
    queryset = Direction.objects.all()
    serializer_class = serializers.DirectionSerializer
    filterset_class = filters.DirectionFilter
    lignes = staticmethod(lecture.lignes_directions)

    def list(self, request: Request, *args: Any, **options: Any) -> Response:
        return self.page(
            request,
            en_cache=lecture.directions,
            filtre=filters.DirectionFilter,
            requete=lambda: lecture.lignes_directions(Direction.objects.all()),
        )

    def retrieve(  # type: ignore[override]  # des octets déjà compressés, que DRF ne sait pas rendre
        self, request: Request, *args: Any, **options: Any
    ) -> HttpResponse:
        octets = _ou_404(lecture.direction_complete_gzip, int(self.kwargs["pk"]))
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return HttpResponse(gzip.decompress(octets), content_type="application/json")
        return HttpResponse(
            octets,
            content_type="application/json",
            headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"},
        )


@extend_schema_view(list=extend_schema(summary="Lister les centres d'une direction", tags=ETIQUETTE))
class CentresDeDirectionVue(Lecture):
    queryset = Centre.objects.all()
    serializer_class = serializers.CentreSerializer
    filterset_class = filters.CentreFilter

    def list(self, request: Request, direction_id: int) -> Response:
        return self.page(
            request,
            en_cache=lambda: _ou_404(lecture.centres_de_direction, direction_id),
            filtre=filters.CentreFilter,
            requete=lambda: lecture.lignes_centres(Centre.objects.filter(direction_id=direction_id)),
        )


@documenter("un centre", "centres")
class CentreVue(Ressource):
    queryset = Centre.objects.all()
    serializer_class = serializers.CentreSerializer
    filterset_class = filters.CentreFilter
    lignes = staticmethod(lecture.lignes_centres)

    def list(self, request: Request, *args: Any, **options: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(lecture.lignes_centres(Centre.objects.all())))
        return self.get_paginated_response(lecture.en_lignes(page or []))


class CentrePosteVue(Ressource):
    """Les postes tenus dans un centre ; désignés par le centre et le poste."""

    queryset = CentrePoste.objects.all()
    serializer_class = serializers.CentrePosteSerializer
    filterset_class = filters.CentrePosteFilter
    lignes = staticmethod(lecture.lignes_centre_postes)

    def get_object(self) -> CentrePoste:
        tenu = CentrePoste.objects.filter(
            centre_id=self.kwargs["centre_id"], poste_id=self.kwargs["poste_id"]
        ).first()
        if tenu is None:
            raise NotFound
        self.check_object_permissions(self.request, tenu)
        return tenu

    @extend_schema(summary="Lister les postes d'un centre", tags=ETIQUETTE)
    def list(self, request: Request, *args: Any, **options: Any) -> Response:
        centre_id = self.kwargs["centre_id"]

        return self.page(
            request,
            en_cache=lambda: _ou_404(lecture.postes_de_centre, centre_id),
            filtre=filters.CentrePosteFilter,
            requete=lambda: lecture.lignes_centre_postes(CentrePoste.objects.filter(centre_id=centre_id)),
        )

    @extend_schema(summary="Créer un poste dans un centre (équipe)", tags=ETIQUETTE)
    def create(self, request: Request, *args: Any, **options: Any) -> Response:
        lies = {"centre": self._centre_ou_404()}
        return Response(self._ecrire(request, instance=None, lies=lies), status=201)

    @extend_schema(summary="Lire un poste d'un centre", tags=ETIQUETTE)
    def retrieve(self, request: Request, *args: Any, **options: Any) -> Response:
        return Response(self._ligne(self.get_object().pk))

    @extend_schema(summary="Remplacer un poste d'un centre (équipe)", tags=ETIQUETTE)
    def update(self, request: Request, *args: Any, **options: Any) -> Response:
        return super().update(request, *args, **options)

    @extend_schema(summary="Modifier un poste d'un centre (équipe)", tags=ETIQUETTE)
    def partial_update(self, request: Request, *args: Any, **options: Any) -> Response:
        return super().partial_update(request, *args, **options)

    @extend_schema(
        summary="Retirer un poste d'un centre, avec ses tâches (équipe)", tags=ETIQUETTE, responses=SUPPRIMEE
    )
    def destroy(self, request: Request, *args: Any, **options: Any) -> Response:
        return super().destroy(request, *args, **options)

    def _centre_ou_404(self) -> Centre:
        centre = Centre.objects.filter(pk=self.kwargs["centre_id"]).first()
        if centre is None:
            raise NotFound
        return centre


@extend_schema_view(list=extend_schema(summary="Lister les tâches d'un poste dans un centre", tags=ETIQUETTE))
class TachesDuPosteVue(Lecture):
    serializer_class = serializers.TacheSerializer
    pagination_class = GrandePagination
    filter_backends = ()

    def list(self, request: Request, centre_id: int, poste_id: int) -> Response:
        return self.page(
            request,
            en_cache=lambda: _ou_404(lecture.taches_de, centre_id, poste_id),
            pagination=GrandePagination,
        )


@documenter("une tâche", "tâches")
class TacheVue(Ressource):
    queryset = Tache.objects.all()
    serializer_class = serializers.TacheSerializer
    filterset_class = filters.TacheFilter
    lignes = staticmethod(lecture.lignes_taches)

    def list(self, request: Request, *args: Any, **options: Any) -> Response:
        taches = self.filter_queryset(Tache.objects.all())
        filtree = bool(set(request.query_params) - PARAMETRES_DE_PAGE)
        compter = taches.count if filtree else lecture.nombre_de_taches
        comptees: Any = LignesComptees(lecture.lignes_taches(taches), compter)
        page = self.paginate_queryset(comptees)
        return self.get_paginated_response(lecture.en_lignes(page or []))


@extend_schema_view(list=extend_schema(summary="Lister les postes (métiers)", tags=ETIQUETTE))
class PosteVue(Lecture):
    queryset = Poste.objects.all()
    serializer_class = serializers.PosteSerializer
    filterset_class = filters.PosteFilter

    def list(self, request: Request) -> Response:
        return self.page(
            request,
            en_cache=lecture.postes,
            filtre=filters.PosteFilter,
            requete=lambda: lecture.lignes_postes(Poste.objects.all()),
        )


def nomenclature(pluriel: str, lire: Callable[[], list[lecture.Ligne]], forme: type) -> type[Lecture]:
    """Une vue de liste, en lecture seule, d'une petite table de règles ; elle s'écrit dans l'admin."""

    @extend_schema_view(list=extend_schema(summary=f"Lister les {pluriel}", tags=ETIQUETTE))
    class Nomenclature(Lecture):
        serializer_class = forme
        filter_backends = ()
        pagination_class = GrandePagination

        def list(self, request: Request) -> Response:
            return self.page(request, en_cache=lire, pagination=GrandePagination)

    return Nomenclature


TypologieVue = nomenclature("typologies", lecture.typologies, serializers.TypologieSerializer)
CelluleVue = nomenclature("cellules de volume", lecture.cellules, serializers.CelluleSerializer)
ProduitVue = nomenclature("produits et leurs cellules", lecture.produits, serializers.ProduitSerializer)
UniteVue = nomenclature("unités et leurs diviseurs", lecture.unites, serializers.UniteSerializer)
PhaseVue = nomenclature("phases et leurs termes", lecture.phases, serializers.PhaseSerializer)
ParametreVue = nomenclature("paramètres de calcul", lecture.parametres, serializers.ParametreSerializer)


def _ou_404(lire: Callable[..., Any], *cles: int) -> Any:
    try:
        return lire(*cles)
    except (Direction.DoesNotExist, Centre.DoesNotExist, CentrePoste.DoesNotExist):
        raise NotFound from None
