"""API du suivi : mesures de performance et rapports de la semaine."""

from datetime import date

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from euromillions.api.grilles import ETIQUETTE
from euromillions.grilles.chronometrage import JOURS_MAX
from euromillions.models import RapportHebdomadaire
from euromillions.precision import performance, rapport
from euromillions.precision.performance import JOURS_PAR_DEFAUT
from simulateur.api.formes import borne
from simulateur.api.vues import VueApi

RAPPORTS_LISTES = 104


class Performance(VueApi):
    @extend_schema(
        tags=ETIQUETTE,
        summary="Ce qui a vraiment tourné : générations, cache, précision, système",
        parameters=[
            OpenApiParameter(
                "days", borne("integer", 1, JOURS_MAX), description="De 1 à 365 jours ; 7 sinon."
            )
        ],
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> Response:
        return Response(performance.bilan(lire_les_jours(request)))


class Rapports(VueApi):
    @extend_schema(
        tags=ETIQUETTE,
        operation_id="euromillions_weekly_reports_list",
        summary="Rapports de la semaine gardés",
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        lundis = RapportHebdomadaire.objects.values_list("lundi", flat=True)[:RAPPORTS_LISTES]
        return Response({"reports": [lundi.isoformat() for lundi in lundis]})


class UnRapport(VueApi):
    @extend_schema(
        tags=ETIQUETTE, summary="Un rapport, par le lundi de sa semaine", responses=OpenApiTypes.OBJECT
    )
    def get(self, request: Request, jour: date) -> Response:
        lu = RapportHebdomadaire.objects.filter(lundi=jour).first()
        if lu is None:
            raise exceptions.NotFound(f"Aucun rapport pour la semaine du {jour:%d/%m/%Y}.")
        return Response(rapport.en_json(lu))


def lire_les_jours(request: Request) -> int:
    """`days` vérifié ; 400 qui le nomme sinon."""
    brut = request.query_params.get("days", "").strip() or str(JOURS_PAR_DEFAUT)
    if brut.isascii() and brut.isdigit() and len(brut) <= 4 and 1 <= int(brut) <= JOURS_MAX:
        return int(brut)
    raise exceptions.ValidationError({"days": [f"Un nombre de jours de 1 à {JOURS_MAX}."]})
