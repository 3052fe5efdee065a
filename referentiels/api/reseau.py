"""API du réseau : lectures par le cache quand rien n'est filtré, écritures réservées à l'équipe."""

import gzip
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from referentiels.api import serializers
from referentiels.api.base import (
    ETIQUETTE,
    SUPPRIMEE,
    GrandePagination,
    Lecture,
    Ressource,
    documenter,
    ou_404,
)
from referentiels.lectures import filters, referentiel
from referentiels.lectures.centres import CentresDuReseau
from referentiels.lectures.taches import TachesDuReseau
from referentiels.models import Centre, CentrePoste, Direction, Poste, Region, Tache
from referentiels.perms import etendue_de
from referentiels.suivi import portees
from simulateur.api import versions


@documenter("une région", "régions")
class RegionVue(Ressource):
    queryset = Region.objects.all()
    serializer_class = serializers.RegionSerializer
    filterset_class = filters.RegionFilter
    lignes = staticmethod(referentiel.lignes_regions)

    def list(  # type: ignore[override]
        self, request: Request, *args: Any, **options: Any
    ) -> HttpResponse:
        return self.page(
            request,
            depend_de=[portees.REGIONS],
            en_cache=referentiel.regions,
            filtre=filters.RegionFilter,
            requete=lambda: referentiel.lignes_regions(Region.objects.all()),
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
    lignes = staticmethod(referentiel.lignes_directions)

    def list(  # type: ignore[override]
        self, request: Request, *args: Any, **options: Any
    ) -> HttpResponse:
        return self.page(
            request,
            depend_de=[portees.DIRECTIONS, portees.REGIONS],
            en_cache=lambda: referentiel.directions(etendue_de(request.user)),
            filtre=filters.DirectionFilter,
            requete=lambda: referentiel.lignes_directions(self.get_queryset()),
        )

    def retrieve(  # type: ignore[override]  # des octets déjà compressés, que DRF ne sait pas rendre
        self, request: Request, *args: Any, **options: Any
    ) -> HttpResponse:
        if not etendue_de(request.user).voit(int(self.kwargs["pk"])):
            raise NotFound
        servie = ou_404(referentiel.direction_servie, int(self.kwargs["pk"]))
        en_tete = versions.en_tete(servie.etiquette)
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            octets = gzip.decompress(servie.octets)
            return HttpResponse(octets, content_type="application/json", headers=en_tete)
        return HttpResponse(
            servie.octets,
            content_type="application/json",
            headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding", **en_tete},
        )


@extend_schema_view(list=extend_schema(summary="Lister les centres d'une direction", tags=ETIQUETTE))
class CentresDeDirectionVue(Lecture):
    queryset = Centre.objects.all()
    serializer_class = serializers.CentreSerializer
    filterset_class = filters.CentreFilter

    def list(self, request: Request, direction_id: int) -> HttpResponse:
        return self.page(
            request,
            depend_de=[portees.centres_de(direction_id), portees.TYPOLOGIES],
            en_cache=lambda: ou_404(referentiel.centres_de_direction, direction_id, etendue_de(request.user)),
            filtre=filters.CentreFilter,
            requete=lambda: referentiel.lignes_centres(
                Centre.objects.visible_par(request.user).filter(direction_id=direction_id)
            ),
        )


@documenter("un centre", "centres")
class CentreVue(Ressource):
    queryset = Centre.objects.all()
    serializer_class = serializers.CentreSerializer
    filterset_class = filters.CentreFilter
    lignes = staticmethod(referentiel.lignes_centres)

    def list(  # type: ignore[override]
        self, request: Request, *args: Any, **options: Any
    ) -> HttpResponse:
        def lignes() -> Any:
            return referentiel.lignes_centres(self.get_queryset())

        return self.page(
            request,
            depend_de=[portees.NATIONAL, portees.DIRECTIONS, portees.TYPOLOGIES],
            en_cache=lambda: CentresDuReseau(etendue_de(request.user)),
            filtre=filters.CentreFilter,
            requete=lignes,
        )


class CentrePosteVue(Ressource):
    """Les postes tenus dans un centre ; désignés par le centre et le poste."""

    queryset = CentrePoste.objects.all()
    serializer_class = serializers.CentrePosteSerializer
    filterset_class = filters.CentrePosteFilter
    lignes = staticmethod(referentiel.lignes_centre_postes)

    def get_object(self) -> CentrePoste:
        tenu: CentrePoste | None = (
            self.get_queryset()
            .filter(centre_id=self.kwargs["centre_id"], poste_id=self.kwargs["poste_id"])
            .first()
        )
        if tenu is None:
            raise NotFound
        self.check_object_permissions(self.request, tenu)
        return tenu

    @extend_schema(summary="Lister les postes d'un centre", tags=ETIQUETTE)
    def list(  # type: ignore[override]
        self, request: Request, *args: Any, **options: Any
    ) -> HttpResponse:
        centre_id = self.kwargs["centre_id"]

        return self.page(
            request,
            depend_de=[portees.centre(centre_id), portees.POSTES],
            en_cache=lambda: ou_404(referentiel.postes_de_centre, centre_id, etendue_de(request.user)),
            filtre=filters.CentrePosteFilter,
            requete=lambda: referentiel.lignes_centre_postes(self.get_queryset().filter(centre_id=centre_id)),
        )

    @extend_schema(summary="Créer un poste dans un centre (équipe)", tags=ETIQUETTE)
    def create(self, request: Request, *args: Any, **options: Any) -> Response:
        lies = {"centre": self._centreou_404()}
        return self._avec_version(self._ecrire(request, instance=None, lies=lies), status=201)

    @extend_schema(summary="Lire un poste d'un centre", tags=ETIQUETTE)
    def retrieve(self, request: Request, *args: Any, **options: Any) -> Response:
        return self._lue()

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

    def _centreou_404(self) -> Centre:
        visibles = Centre.objects.visible_par(self.request.user)
        centre: Centre | None = visibles.filter(pk=self.kwargs["centre_id"]).first()
        if centre is None:
            raise NotFound
        return centre


@extend_schema_view(list=extend_schema(summary="Lister les tâches d'un poste dans un centre", tags=ETIQUETTE))
class TachesDuPosteVue(Lecture):
    serializer_class = serializers.TacheSerializer
    pagination_class = GrandePagination
    filter_backends = ()

    def list(self, request: Request, centre_id: int, poste_id: int) -> HttpResponse:
        return self.page(
            request,
            depend_de=[portees.centre(centre_id), portees.REGLES],
            en_cache=lambda: ou_404(referentiel.taches_de, centre_id, poste_id, etendue_de(request.user)),
            pagination=GrandePagination,
        )


@documenter("une tâche", "tâches")
class TacheVue(Ressource):
    queryset = Tache.objects.all()
    serializer_class = serializers.TacheSerializer
    filterset_class = filters.TacheFilter
    lignes = staticmethod(referentiel.lignes_taches)

    def list(  # type: ignore[override]
        self, request: Request, *args: Any, **options: Any
    ) -> HttpResponse:
        return self.page(
            request,
            depend_de=[portees.NATIONAL, portees.DIRECTIONS, portees.REGLES],
            en_cache=lambda: TachesDuReseau(etendue_de(request.user)),
            filtre=filters.TacheFilter,
            requete=self.get_queryset,
            detailler=referentiel.lignes_taches,
        )


@extend_schema_view(list=extend_schema(summary="Lister les postes (métiers)", tags=ETIQUETTE))
class PosteVue(Lecture):
    queryset = Poste.objects.all()
    serializer_class = serializers.PosteSerializer
    filterset_class = filters.PosteFilter

    def list(self, request: Request) -> HttpResponse:
        return self.page(
            request,
            depend_de=[portees.POSTES],
            en_cache=referentiel.postes,
            filtre=filters.PosteFilter,
            requete=lambda: referentiel.lignes_postes(Poste.objects.all()),
        )
