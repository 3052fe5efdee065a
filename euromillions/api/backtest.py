"""API du backtest : lancer, suivre, lire."""

from datetime import date
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from euromillions.api.grilles import ETIQUETTE, parametres_recus
from euromillions.api.serializers.demandes import DemandeDeBacktestSerializer
from euromillions.models import Backtest
from euromillions.models.backtest import PAR_TIRAGE_MAX
from euromillions.models.grilles import GRAINE_MAX
from euromillions.perms import peut_annuler_la_generation, peut_generer
from euromillions.precision.backtest import lancer, resultats_ranges
from simulateur.api import travaux
from simulateur.api.etats import etat_api
from simulateur.api.formes import borne
from simulateur.api.vues import VueApi
from simulateur.models import Etat
from simulateur.travaux import machine

PARAMETRES = ("since", "grids_per_draw", "seed")


class LancerBacktest(VueApi):
    @extend_schema(
        tags=ETIQUETTE,
        summary="Rejouer les stratégies sur l'histoire, en tâche de fond",
        parameters=[
            OpenApiParameter("since", date, description="Premier tirage rejoué (AAAA-MM-JJ)."),
            OpenApiParameter("grids_per_draw", borne("integer", 1, PAR_TIRAGE_MAX)),
            OpenApiParameter("seed", borne("integer", 0, GRAINE_MAX)),
        ],
        request=DemandeDeBacktestSerializer,
        responses={202: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request) -> Response:
        if not peut_generer(request.user):
            raise exceptions.PermissionDenied
        lecture = DemandeDeBacktestSerializer(data=parametres_recus(self, request, PARAMETRES))
        lecture.is_valid(raise_exception=True)
        lance = lancer(**lecture.parametres, demandeur=request.user)
        return travaux.mis_en_file(
            lance,
            statut="started",
            message=f"{lance} : mis en file",
            adresse="/api/euromillions/backtest",
        )


class UnBacktest(VueApi):
    @extend_schema(tags=ETIQUETTE, summary="État et résultats d'un backtest", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, cle: UUID) -> Response:
        return Response(_suivi(_lire(cle)))

    @extend_schema(tags=ETIQUETTE, summary="Annuler un backtest", responses=OpenApiTypes.OBJECT)
    def delete(self, request: Request, cle: UUID) -> Response:
        lu = _lire(cle)
        if not peut_annuler_la_generation(request.user, lu):
            raise exceptions.PermissionDenied
        machine.annuler(lu)
        lu.refresh_from_db()
        return Response({"task_id": str(lu.pk), "status": etat_api(lu)})


def _lire(cle: UUID) -> Backtest:
    lu = Backtest.objects.filter(pk=cle).first()
    if lu is None:
        raise exceptions.NotFound("Aucun backtest n'a cet identifiant.")
    return lu


def _suivi(lu: Backtest) -> dict[str, Any]:
    corps = travaux.suivi(lu, current=lu.progression, total=100)
    if lu.etat == Etat.TERMINEE:
        parametres = {
            "since": lu.depuis.isoformat() if lu.depuis else None,
            "grids_per_draw": lu.par_tirage,
            "seed": lu.graine,
        }
        corps["result"] = {
            "params": parametres,
            "draws": lu.tirages,
            "revision": lu.revision,
            **resultats_ranges(lu),
        }
    return corps | ({"demo": True} if lu.fictif else {})
