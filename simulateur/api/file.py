"""API de la file : ses ouvriers répondent-ils, que font-ils."""

from typing import Literal, TypedDict

from django_q.models import OrmQ
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from simulateur.api.formes import forme
from simulateur.api.vues import VueApi
from simulateur.exploitation import sante
from simulateur.models import Ouvrier


class Sante(TypedDict):
    status: Literal["healthy", "degraded", "unhealthy"]
    workers_online: int
    message: str
    canary_age_seconds: float | None
    queue_length: int
    oldest_waiting_seconds: float | None


class Stats(TypedDict):
    workers: list[dict[str, object]]
    total_succeeded: int
    total_failed: int
    queue_length: int


class VueSante(VueApi):
    @extend_schema(summary="Santé des ouvriers, prouvée par un canari", responses=forme(Sante), tags=["file"])
    def get(self, request: Request) -> Response:
        vue = sante.examiner()
        return Response(
            {
                "status": vue.etat,
                "workers_online": vue.ouvriers,
                "message": vue.phrase,
                "canary_age_seconds": vue.age_canari_s,
                "queue_length": vue.file,
                "oldest_waiting_seconds": vue.plus_ancienne_s,
            }
        )


class VueStats(VueApi):
    @extend_schema(summary="Compteurs par ouvrier", responses=forme(Stats), tags=["file"])
    def get(self, request: Request) -> Response:
        ouvriers = [
            {
                "worker": ouvrier.nom,
                "succeeded": ouvrier.reussis,
                "failed": ouvrier.echoues,
                "started_at": ouvrier.demarre_le.isoformat(),
                "last_seen_at": ouvrier.vu_le.isoformat(),
            }
            for ouvrier in Ouvrier.objects.order_by("-vu_le")
        ]
        return Response(
            {
                "workers": ouvriers,
                "total_succeeded": sum(ligne["succeeded"] for ligne in ouvriers),
                "total_failed": sum(ligne["failed"] for ligne in ouvriers),
                "queue_length": OrmQ.objects.count(),
            }
        )
