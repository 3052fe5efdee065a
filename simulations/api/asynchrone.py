"""API asynchrone des simulations : chemins et formes de docs/metier/effectifs.md#api."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django_q.models import OrmQ
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from referentiels.models import Direction
from simulateur.api.etats import etat_api
from simulateur.exploitation import sante
from simulateur.models import Etat, Ouvrier
from simulateur.travaux import machine
from simulations import perms
from simulations.api.serializers import (
    ActifsSerializer,
    AnnulationSimulationSerializer,
    DemandeLotSimulationSerializer,
    DemandeSimulationSerializer,
    LancementSimulationSerializer,
    SanteSerializer,
    StatsSerializer,
    SuiviSimulationSerializer,
)
from simulations.calculs.lancement import lancer
from simulations.demandes import options
from simulations.demandes.cibles import centres_du_lot
from simulations.demandes.demande import Demande, lire_demande
from simulations.models import Simulation
from simulations.resultats.restitution import suivi

CLE_LONGUEUR_MAX = 100
DUREE_NATIONALE = "moins d'une minute"


class _Lancer(APIView):
    """Base des trois POST : valide, lance, répond 202."""

    def accepter(self, request: Request, demande: Demande, **cible: Any) -> tuple[Simulation, dict[str, Any]]:
        if not perms.peut_lancer(request.user):
            raise PermissionDenied
        simulation = lancer(
            demande=demande,
            demandeur=request.user,
            annee=options.annee(options.corps(request.data)),
            cle=cle_d_idempotence(request),
            **cible,
        )
        return simulation, {
            "task_id": str(simulation.pk),
            "status": "PENDING",
            "message": f"Simulation {simulation.libelle} mise en file",
            "check_status_url": f"/api/async/task/{simulation.pk}",
        }


def cle_d_idempotence(request: Request) -> str | None:
    cle: str = request.headers.get("Idempotency-Key", "")
    if len(cle) > CLE_LONGUEUR_MAX or not cle.isprintable():
        raise ValidationError({"Idempotency-Key": [f"{CLE_LONGUEUR_MAX} caractères lisibles au plus."]})
    return cle or None


class SimulationDirection(_Lancer):
    @extend_schema(
        summary="Lancer la simulation d'une direction",
        request=DemandeSimulationSerializer,
        responses={202: LancementSimulationSerializer},
        tags=["simulations"],
    )
    def post(self, request: Request, direction_id: int) -> Response:
        direction = get_object_or_404(Direction, pk=direction_id)
        demande = lire_demande(request.data, direction_id=direction.pk)
        _, corps = self.accepter(request, demande, niveau=Simulation.Niveau.DIRECTION, direction=direction)
        return Response({**corps, "direction_id": direction.pk}, status=status.HTTP_202_ACCEPTED)


class SimulationNationale(_Lancer):
    @extend_schema(
        summary="Lancer la simulation nationale",
        request=DemandeSimulationSerializer,
        responses={202: LancementSimulationSerializer},
        tags=["simulations"],
    )
    def post(self, request: Request) -> Response:
        demande = lire_demande(request.data)
        _, corps = self.accepter(request, demande, niveau=Simulation.Niveau.NATIONAL)
        return Response({**corps, "estimated_duration": DUREE_NATIONALE}, status=status.HTTP_202_ACCEPTED)


class SimulationLot(_Lancer):
    @extend_schema(
        summary="Lancer la simulation d'un lot d'au plus 50 centres",
        request=DemandeLotSimulationSerializer,
        responses={202: LancementSimulationSerializer, 400: OpenApiTypes.OBJECT},
        tags=["simulations"],
    )
    def post(self, request: Request) -> Response:
        centre_ids = centres_du_lot(request.data)
        demande = lire_demande(request.data, centre_ids=centre_ids)
        _, corps = self.accepter(request, demande, niveau=Simulation.Niveau.BATCH, centre_ids=centre_ids)
        return Response({**corps, "total_centres": len(centre_ids)}, status=status.HTTP_202_ACCEPTED)


class Tache(APIView):
    """Suivi et annulation d'une simulation."""

    def _simulation(self, task_id: str) -> Simulation:
        try:
            cle = UUID(task_id)
        except ValueError:
            raise Http404 from None
        simulation: Simulation = get_object_or_404(Simulation.objects.pour_suivi(), pk=cle)
        if not perms.peut_voir(self.request.user, simulation):
            raise PermissionDenied
        return simulation

    @extend_schema(
        summary="État, progression et résultat d'une simulation",
        responses={200: SuiviSimulationSerializer, 404: OpenApiResponse(description="Identifiant inconnu")},
        tags=["simulations"],
    )
    def get(self, request: Request, task_id: str) -> Response:
        return Response(suivi(self._simulation(task_id)))

    @extend_schema(
        summary="Annuler une simulation",
        responses={
            200: AnnulationSimulationSerializer,
            404: OpenApiResponse(description="Identifiant inconnu"),
        },
        tags=["simulations"],
    )
    def delete(self, request: Request, task_id: str) -> Response:
        simulation = self._simulation(task_id)
        if not perms.peut_annuler(request.user, simulation):
            raise PermissionDenied
        atteint = machine.annuler(simulation)
        corps = {"task_id": str(simulation.pk)}
        if atteint in (Etat.EN_COURS, Etat.ANNULEE) and not simulation.est_fini:
            return Response({**corps, "status": "cancelled", "message": "Simulation annulée"})
        simulation.refresh_from_db()
        etat = etat_api(simulation)
        return Response(
            {**corps, "status": etat, "message": f"Impossible d'annuler : la simulation est déjà {etat}"}
        )


class Sante(APIView):
    @extend_schema(
        summary="Santé des ouvriers, prouvée par un canari", responses=SanteSerializer, tags=["file"]
    )
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


class TachesActives(APIView):
    @extend_schema(summary="Travaux en cours et en file", responses=ActifsSerializer, tags=["file"])
    def get(self, request: Request) -> Response:
        vivantes = Simulation.objects.pour_liste().pour_suivi().vivants()
        lignes = [
            {
                "task_id": str(simulation.pk),
                "state": etat_api(simulation),
                "progress": simulation.progression,
                "niveau": simulation.niveau,
                "libelle": simulation.libelle,
                "demandeur": simulation.demandeur.get_username() if simulation.demandeur else None,
                "created_at": simulation.cree_le.isoformat(),
                "started_at": simulation.demarre_le.isoformat() if simulation.demarre_le else None,
            }
            for simulation in vivantes
        ]
        return Response(
            {
                "active": [ligne for ligne in lignes if ligne["state"] == "PROGRESS"],
                "queued": [ligne for ligne in lignes if ligne["state"] == "PENDING"],
                "total": len(lignes),
            }
        )


class Stats(APIView):
    @extend_schema(summary="Compteurs par ouvrier", responses=StatsSerializer, tags=["file"])
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
