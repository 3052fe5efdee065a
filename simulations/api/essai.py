"""API de l'essai : calculé aussitôt, gardé nulle part."""

from typing import Annotated, Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from simulateur.api.formes import forme
from simulateur.api.vues import VueApi
from simulations import perms
from simulations.api import schemas
from simulations.api.documentation import REPONSES
from simulations.calculs.essai import essayer
from simulations.demandes.essai import lire_essai

PK = {"min_value": 1}
REPONSES_DE_L_ESSAI = {code: reponse for code, reponse in REPONSES.items() if code != 404}


class DemandeEssai(schemas.DemandeSimulation, total=False):
    """Le pays si aucun lieu n'est nommé ; sinon un seul. Un champ inconnu est refusé."""

    direction_id: Annotated[int | None, PK]
    centre_id: Annotated[int | None, PK]
    centre_ids: Annotated[list[int] | None, schemas.LOT]
    poste_id: Annotated[int | None, PK, {"help_text": "Un poste de centre_id"}]
    depart: Annotated[
        dict[str, Any] | None,
        {"help_text": "Ce à quoi l'essai se compare, mêmes champs ; par défaut, les valeurs de départ"},
    ]


class Essai(VueApi):
    corps_juge = False

    @extend_schema(
        summary="Essayer des hypothèses : chiffres, directions, dix centres qui bougent le plus",
        request=forme(DemandeEssai),
        responses=REPONSES_DE_L_ESSAI,
        tags=["simulations"],
    )
    def post(self, request: Request) -> Response:
        if not perms.peut_lancer(request.user):
            raise PermissionDenied
        return Response(essayer(lire_essai(request.data)))
