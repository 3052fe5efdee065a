"""API des volumes annuels d'un centre."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics

from referentiels.api.serializers import VolumeAnnuelSerializer
from referentiels.lectures.filters import VolumeFilter
from referentiels.models import Centre, VolumeAnnuel
from simulateur.api.vues import VueApi


@extend_schema(summary="Les volumes annuels d'un centre, par année puis par cellule", tags=["référentiel"])
class VolumesDuCentre(VueApi, generics.ListAPIView):
    serializer_class = VolumeAnnuelSerializer
    filterset_class = VolumeFilter
    queryset = VolumeAnnuel.objects.none()

    def get_queryset(self) -> "QuerySet[VolumeAnnuel]":
        centre: Any = generics.get_object_or_404(
            Centre.objects.visible_par(self.request.user), pk=self.kwargs["centre_id"]
        )
        volumes: QuerySet[VolumeAnnuel] = VolumeAnnuel.objects.filter(centre=centre)
        lus = volumes.select_related("cellule__flux", "cellule__sens", "cellule__segment")
        return lus.order_by("-annee", "cellule__ordre", "cellule__code")
