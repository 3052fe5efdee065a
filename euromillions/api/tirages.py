"""API des tirages : les lire, et pour le personnel les ajouter, les corriger, les supprimer."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.dateparse import parse_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from euromillions.api.filtre import ETIQUETTE, PARAMETRES_FILTRE, lire_le_formulaire
from euromillions.api.permissions import ConsulterOuGerer
from euromillions.api.serializers.tirages import TirageDetailSerializer, TirageSerializer
from euromillions.lectures import histoire, reperes
from euromillions.lectures.forms import FormulaireListe
from euromillions.models import Source, Tirage
from euromillions.tirages import saisie
from simulateur.api import gardees
from simulateur.api.conventions import Conflit
from simulateur.api.vues import VueApi


@extend_schema(tags=ETIQUETTE)
@extend_schema_view(
    get=extend_schema(
        summary="Tirages, du plus récent au plus ancien",
        parameters=[
            *PARAMETRES_FILTRE,
            OpenApiParameter("numbers", str, description="Numéros tous présents, séparés par des virgules."),
            OpenApiParameter(
                "stars", str, description="Étoiles toutes présentes, séparées par des virgules."
            ),
            OpenApiParameter("source", str, enum=Source.values, description="Origine du tirage."),
        ],
    ),
    post=extend_schema(summary="Ajouter un tirage (personnel)"),
)
class Tirages(VueApi, generics.ListCreateAPIView[Tirage]):
    permission_classes = [ConsulterOuGerer]
    serializer_class = TirageSerializer
    filter_backends = []

    def get_queryset(self) -> QuerySet[Tirage]:
        formulaire = lire_le_formulaire(self.request, self.revision_lue(), FormulaireListe)
        return formulaire.choisis(Tirage.objects.pour_la_liste())

    def list(  # type: ignore[override]
        self, request: Request, *args: Any, **options: Any
    ) -> HttpResponse:
        return gardees.repondre(
            request, lambda: [self.revision_lue()], lambda: super(Tirages, self).list(request).data
        )

    def get_paginated_response(self, data: Any) -> Response:
        reponse = super().get_paginated_response(data)
        reponse.data |= reperes.mention_demo(self.revision_lue())
        return reponse

    def create(self, request: Request, *args: Any, **options: Any) -> Response:
        lecture = TirageSerializer(data=request.data)
        lecture.is_valid(raise_exception=True)
        tirage = lecture.en_tirage()
        retires = _enregistrer(tirage, request, "ajout par l'API")
        corps = TirageSerializer(tirage).data | ({"demo_draws_removed": retires} if retires else {})
        return Response(corps, status=status.HTTP_201_CREATED)

    def revision_lue(self) -> int:
        if not hasattr(self, "_revision"):
            self._revision = histoire.revision()
        return self._revision


@extend_schema(tags=ETIQUETTE)
@extend_schema_view(
    get=extend_schema(summary="Un tirage et ses gains, par sa date"),
    put=extend_schema(summary="Remplacer un tirage (personnel)"),
    patch=extend_schema(summary="Corriger un tirage (personnel)"),
    delete=extend_schema(summary="Supprimer un tirage (personnel)"),
)
@extend_schema(parameters=[OpenApiParameter("jour", OpenApiTypes.DATE, OpenApiParameter.PATH)])
class UnTirage(VueApi, generics.RetrieveUpdateDestroyAPIView[Tirage]):
    permission_classes = [ConsulterOuGerer]
    serializer_class = TirageDetailSerializer
    queryset = Tirage.objects.select_related("ere").prefetch_related("gains")

    def get_object(self) -> Tirage:
        try:
            jour = parse_date(self.kwargs["jour"])
        except ValueError:
            jour = None
        if jour is None:
            raise exceptions.NotFound("Un tirage s'adresse par sa date : AAAA-MM-JJ.")
        tirage = self.get_queryset().filter(date=jour).first()
        if tirage is None:
            raise exceptions.NotFound(f"Aucun tirage le {jour:%d/%m/%Y}.")
        return tirage

    def update(self, request: Request, *args: Any, **options: Any) -> Response:
        tirage = self.get_object()
        lecture = TirageSerializer(tirage, data=request.data, partial=options.pop("partial", False))
        lecture.is_valid(raise_exception=True)
        _enregistrer(lecture.en_tirage(), request, "correction par l'API")
        return Response(TirageDetailSerializer(self.get_queryset().get(pk=tirage.pk)).data)

    def perform_destroy(self, instance: Tirage) -> None:
        saisie.supprimer(instance, auteur=self.request.user)


def _enregistrer(tirage: Tirage, request: Request, motif: str) -> int:
    try:
        return saisie.enregistrer(tirage, auteur=request.user, motif=motif)
    except IntegrityError as erreur:
        raise Conflit("Un autre tirage vient d'être enregistré à cette date.") from erreur
