"""API de l'essai : calculé aussitôt, gardé nulle part."""

from typing import Annotated, Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from referentiels.perms import etendue_de, peut_voir_les_couts
from simulateur.api.formes import forme
from simulateur.api.vues import VueApi
from simulations import perms
from simulations.api import schemas
from simulations.api.documentation import REPONSES
from simulations.calculs.cible import viser
from simulations.calculs.essai import essayer
from simulations.demandes.essai import lire_essai
from simulations.demandes.objectif import OBJECTIFS, lire_cible

PK = {"min_value": 1}
REPONSES_DE_L_ESSAI = {code: reponse for code, reponse in REPONSES.items() if code != 404}


class _SurUnLieu(schemas.DemandeSimulation, total=False):
    direction_id: Annotated[int | None, PK]
    centre_id: Annotated[int | None, PK]
    centre_ids: Annotated[list[int] | None, schemas.LOT]
    poste_id: Annotated[int | None, PK, {"help_text": "Un poste de centre_id"}]


class DemandeEssai(_SurUnLieu, total=False):
    """Le pays si aucun lieu n'est nommé ; sinon un seul. Un champ inconnu est refusé."""

    depart: Annotated[
        dict[str, Any] | None,
        {"help_text": "Ce à quoi l'essai se compare, mêmes champs ; par défaut, les valeurs de départ"},
    ]


class DemandeCible(_SurUnLieu, total=False):
    """Le pays si aucun lieu n'est nommé ; sinon un seul. Un champ inconnu est refusé."""

    libre: Annotated[
        str,
        {
            "help_text": "productivite, heures_jour, temps_mort, absence_pct, croissance, "
            "ou la croissance d'un flux : co_croissance"
        },
    ]
    verrouilles: Annotated[list[str], {"help_text": "Paramètres qu'on ne veut pas voir bouger"}]
    objectif: Annotated[str | None, {"choices": list(OBJECTIFS), "help_text": "ecart par défaut"}]
    valeur: Annotated[
        float, {"help_text": "Personnes, ETP, ou unités monétaires par an ; 0 par défaut pour un écart"}
    ]


class Cible(VueApi):
    corps_juge = False

    @extend_schema(
        summary="Chercher la valeur d'un paramètre qui atteint un écart, un ETP ou un coût annuel",
        request=forme(DemandeCible),
        responses=REPONSES_DE_L_ESSAI,
        tags=["simulations"],
    )
    def post(self, request: Request) -> Response:
        if not perms.peut_lancer(request.user):
            raise PermissionDenied
        voulue = lire_cible(request.data, etendue_de(request.user))
        if voulue.objectif == "cout" and not peut_voir_les_couts(request.user):
            raise PermissionDenied
        return Response(viser(voulue))


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
        return Response(essayer(lire_essai(request.data, etendue_de(request.user))))
