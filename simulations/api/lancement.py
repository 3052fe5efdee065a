"""API du lancement : chemins et formes de docs/metier/effectifs.md#api."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from referentiels.models import Direction
from referentiels.perms import etendue_de
from simulateur.api.formes import forme
from simulateur.api.travaux import mis_en_file
from simulateur.api.vues import VueApi
from simulateur.web.refus import SaisieRefusee
from simulations import perms
from simulations.api import schemas
from simulations.api.documentation import ADRESSE_DE_SUIVI
from simulations.calculs.lancement import lancer
from simulations.demandes import options
from simulations.demandes.cibles import Cible, centres_du_lot
from simulations.demandes.demande import Demande, lire_demande
from simulations.models import Simulation

CLE_LONGUEUR_MAX = 100
DUREE_NATIONALE = "moins d'une minute"


class _Lancer(VueApi):
    """Base des trois POST : valide, lance, répond 202."""

    inconnus_ignores = True

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if not perms.peut_lancer(request.user):
            raise PermissionDenied

    def lire(self, request: Request, **vises: Any) -> Demande:
        return lire_demande(request.data, etendue=etendue_de(request.user), **vises)

    def accepter(self, request: Request, demande: Demande, cible: Cible, **en_plus: Any) -> Response:
        simulation = lancer(
            demande=demande,
            demandeur=request.user,
            annee=options.annee(options.corps(request.data)),
            cle=cle_d_idempotence(request),
            **cible,
        )
        if ignores := demande.rapport.get("ignored_fields"):
            en_plus["ignored_fields"] = ignores
        message = f"Simulation {simulation.libelle} mise en file"
        return mis_en_file(simulation, message=message, adresse=ADRESSE_DE_SUIVI, **en_plus)


def cle_d_idempotence(request: Request) -> str | None:
    cle: str = request.headers.get("Idempotency-Key", "")
    if len(cle) > CLE_LONGUEUR_MAX or not cle.isprintable():
        raise SaisieRefusee({"Idempotency-Key": [f"{CLE_LONGUEUR_MAX} caractères lisibles au plus."]})
    return cle or None


class SimulationDirection(_Lancer):
    @extend_schema(
        summary="Lancer la simulation d'une direction",
        request=forme(schemas.DemandeSimulation),
        responses={202: forme(schemas.LancementSimulation)},
        tags=["simulations"],
    )
    def post(self, request: Request, direction_id: int) -> Response:
        direction = get_object_or_404(Direction.objects.visible_par(request.user), pk=direction_id)
        demande = self.lire(request, direction_id=direction.pk)
        cible: Cible = {"niveau": Simulation.Niveau.DIRECTION, "direction": direction}
        return self.accepter(request, demande, cible, direction_id=direction.pk)


class SimulationNationale(_Lancer):
    @extend_schema(
        summary="Lancer la simulation nationale",
        request=forme(schemas.DemandeSimulation),
        responses={202: forme(schemas.LancementSimulation)},
        tags=["simulations"],
    )
    def post(self, request: Request) -> Response:
        perms.exiger_le_pays(request.user)
        demande = self.lire(request)
        cible: Cible = {"niveau": Simulation.Niveau.NATIONAL}
        return self.accepter(request, demande, cible, estimated_duration=DUREE_NATIONALE)


class SimulationLot(_Lancer):
    @extend_schema(
        summary="Lancer la simulation d'un lot d'au plus 50 centres",
        request=forme(schemas.DemandeLotSimulation),
        responses={202: forme(schemas.LancementSimulation), 400: OpenApiTypes.OBJECT},
        tags=["simulations"],
    )
    def post(self, request: Request) -> Response:
        centre_ids = centres_du_lot(request.data, etendue_de(request.user))
        demande = self.lire(request, centre_ids=centre_ids)
        cible: Cible = {"niveau": Simulation.Niveau.BATCH, "centre_ids": centre_ids}
        return self.accepter(request, demande, cible, total_centres=len(centre_ids))
