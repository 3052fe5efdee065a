"""API EuroMillions : statistiques (lecture) et tirages (écriture réservée au personnel).

Chaque réponse porte `demo: true` tant que des tirages fictifs sont en base.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.dateparse import parse_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, generics, permissions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from euromillions.api import schemas
from euromillions.api.serializers import TirageDetailSerializer, TirageSerializer
from euromillions.lectures import chiffres as lectures
from euromillions.lectures.filters import Filtre, FormulaireFiltre, FormulaireListe
from euromillions.models import Source, Tirage
from euromillions.perms import peut_consulter, peut_gerer_les_tirages
from euromillions.tirages import saisie
from simulateur.api.conventions import Conflit

ETIQUETTE = ["EuroMillions"]
PARAMETRES_FILTRE = [
    OpenApiParameter("year", int, description="Année."),
    OpenApiParameter("month", int, description="Mois, de 1 à 12."),
    OpenApiParameter("date_from", date, description="Premier jour."),
    OpenApiParameter("date_to", date, description="Dernier jour."),
    OpenApiParameter("era", str, description="Code d'ère (voir /api/euromillions/eras)."),
    OpenApiParameter("weekday", int, description="Jour, de 1 (lundi) à 7 (dimanche)."),
]


class Consulter(permissions.BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return peut_consulter(request.user)


class ConsulterOuGerer(permissions.BasePermission):
    message = "Seul le personnel ajoute, corrige ou supprime un tirage."

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in permissions.SAFE_METHODS:
            return peut_consulter(request.user)
        return peut_gerer_les_tirages(request.user)


def lire_le_formulaire(
    request: Request, numero: int, sorte: type[FormulaireFiltre] = FormulaireFiltre
) -> FormulaireFiltre:
    """Les paramètres d'adresse vérifiés ; 400 qui nomme le champ s'il est mauvais."""
    codes = [(ere["code"], ere["name"]) for ere in lectures.eres(numero)] if request.GET.get("era") else []
    formulaire = sorte(request.GET, eres=codes)
    if not formulaire.is_valid():
        raise exceptions.ValidationError(
            {nom: [str(faute) for faute in fautes] for nom, fautes in formulaire.errors.items()}
        )
    return formulaire


def lire_le_filtre(request: Request, numero: int) -> Filtre:
    if not request.GET:
        return Filtre()
    return lire_le_formulaire(request, numero).filtre


@extend_schema(tags=ETIQUETTE)
class VueStatistiques(APIView):
    """Base des vues en lecture : révision lue une fois, filtre vérifié."""

    permission_classes = [Consulter]


class StatistiquesRapides(VueStatistiques):
    @extend_schema(
        summary="Comptes, pourcentages et dernière sortie de chaque boule",
        parameters=PARAMETRES_FILTRE,
        responses={200: schemas.RAPIDE},
    )
    def get(self, request: Request) -> HttpResponse:
        numero = lectures.revision()
        filtre = lire_le_filtre(request, numero)
        lecture = lectures.statistiques_rapides(filtre, numero)
        etiquette = lectures.en_json(lectures.etiquette_de_cache(lecture, lectures.RAPIDE, numero))
        # Deux objets JSON mis bout à bout : le premier est servi tel qu'il est rangé.
        return HttpResponse(f"{lecture.valeur[:-1]},{etiquette[1:]}", content_type="application/json")


class StatistiquesCompletes(VueStatistiques):
    """`section` : partie des statistiques complètes rendue ; vide pour tout rendre."""

    section = ""

    @extend_schema(
        summary="Statistiques complètes de la sélection",
        parameters=PARAMETRES_FILTRE,
        responses={200: schemas.COMPLET},
    )
    def get(self, request: Request) -> Response:
        return self.repondre(request)

    def repondre(self, request: Request) -> Response:
        numero = lectures.revision()
        filtre = lire_le_filtre(request, numero)
        lecture = lectures.statistiques_completes(filtre, numero)
        corps = lecture.valeur
        if self.section:
            communs = {nom: corps[nom] for nom in ("total_draws", "date_range", "demo") if nom in corps}
            corps = communs | corps[self.section]
        return Response(corps | lectures.etiquette_de_cache(lecture, lectures.COMPLET, numero))


class AnalyseEcarts(StatistiquesCompletes):
    section = "gaps"

    @extend_schema(
        summary="Écarts de chaque boule et chances de sortie selon l'absence",
        parameters=PARAMETRES_FILTRE,
        responses={200: schemas.ECARTS},
    )
    def get(self, request: Request) -> Response:
        return self.repondre(request)


class AnalyseCombinaisons(StatistiquesCompletes):
    section = "combinations"

    @extend_schema(
        summary="Paires, triplets, quadruplets et paires d'étoiles",
        parameters=PARAMETRES_FILTRE,
        responses={200: schemas.COMBINAISONS},
    )
    def get(self, request: Request) -> Response:
        return self.repondre(request)


@extend_schema(tags=ETIQUETTE)
class HistoireBoule(APIView):
    permission_classes = [Consulter]
    etoile = False

    @extend_schema(
        summary="Histoire d'une boule : années, écarts, boules sorties avec elle",
        parameters=PARAMETRES_FILTRE,
        responses={200: schemas.BOULE},
    )
    def get(self, request: Request, valeur: int) -> Response:
        numero = lectures.revision()
        filtre = lire_le_filtre(request, numero)
        if not lectures.boule_existe(valeur, numero, etoile=self.etoile):
            raise exceptions.NotFound("Cette boule n'existe dans aucune ère du jeu.")
        lecture = lectures.boule(valeur, filtre, numero, etoile=self.etoile)
        return Response(lecture.valeur | lectures.etiquette_de_cache(lecture, lectures.COMPLET, numero))


@extend_schema(tags=ETIQUETTE)
class Gains(APIView):
    permission_classes = [Consulter]

    @extend_schema(
        summary="Gains mesurés par rang, pour chaque ère de la sélection",
        parameters=PARAMETRES_FILTRE,
        responses={200: schemas.GAINS},
    )
    def get(self, request: Request) -> Response:
        numero = lectures.revision()
        filtre = lire_le_filtre(request, numero)
        lecture = lectures.gains(filtre, numero)
        return Response(lecture.valeur | lectures.etiquette_de_cache(lecture, lectures.COMPLET, numero))


@extend_schema(tags=ETIQUETTE)
class Eres(APIView):
    permission_classes = [Consulter]

    @extend_schema(summary="Ères du jeu, rangs et chances exactes", responses={200: schemas.ERES})
    def get(self, request: Request) -> Response:
        numero = lectures.revision()
        return Response({"eras": lectures.eres(numero)} | lectures.mention_demo(numero))


@extend_schema(tags=ETIQUETTE)
class Annees(APIView):
    permission_classes = [Consulter]

    @extend_schema(summary="Années qui ont des tirages", responses={200: schemas.ANNEES})
    def get(self, request: Request) -> Response:
        numero = lectures.revision()
        return Response({"years": lectures.annees(numero)} | lectures.mention_demo(numero))


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
class Tirages(generics.ListCreateAPIView[Tirage]):
    permission_classes = [ConsulterOuGerer]
    serializer_class = TirageSerializer
    filter_backends = []

    def get_queryset(self) -> QuerySet[Tirage]:
        formulaire = lire_le_formulaire(self.request, self.numero_de_revision(), FormulaireListe)
        choisis = formulaire.cleaned_data
        tirages = formulaire.filtre.appliquer(Tirage.objects.pour_la_liste())
        tirages = tirages.contenant(numeros=choisis["numbers"], etoiles=choisis["stars"])
        return tirages.filter(source=choisis["source"]) if choisis["source"] else tirages

    def get_paginated_response(self, data: Any) -> Response:
        reponse = super().get_paginated_response(data)
        reponse.data |= lectures.mention_demo(self.numero_de_revision())
        return reponse

    def create(self, request: Request, *args: Any, **options: Any) -> Response:
        lecture = TirageSerializer(data=request.data)
        lecture.is_valid(raise_exception=True)
        tirage = lecture.en_tirage()
        retires = _enregistrer(tirage, request, "ajout par l'API")
        corps = TirageSerializer(tirage).data | ({"demo_draws_removed": retires} if retires else {})
        return Response(corps, status=status.HTTP_201_CREATED)

    def numero_de_revision(self) -> int:
        if not hasattr(self, "_numero"):
            self._numero = lectures.revision()
        return self._numero


@extend_schema(tags=ETIQUETTE)
@extend_schema_view(
    get=extend_schema(summary="Un tirage et ses gains, par sa date"),
    put=extend_schema(summary="Remplacer un tirage (personnel)"),
    patch=extend_schema(summary="Corriger un tirage (personnel)"),
    delete=extend_schema(summary="Supprimer un tirage (personnel)"),
)
@extend_schema(parameters=[OpenApiParameter("jour", OpenApiTypes.DATE, OpenApiParameter.PATH)])
class UnTirage(generics.RetrieveUpdateDestroyAPIView[Tirage]):
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
