"""API du rapport de couverture des règles."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from referentiels.api.base import ETIQUETTE, AccesReferentiel
from referentiels.lectures.couverture import Ligne, couverture
from referentiels.models import Centre, Direction
from referentiels.perms import Etendue, etendue_de
from simulateur.api.vues import VueApi


class CouvertureVue(VueApi):
    permission_classes = [AccesReferentiel]

    @extend_schema(
        summary="Tâches dont aucune règle ne couvre le produit, l'unité ou la phase",
        parameters=[
            OpenApiParameter("direction", int, description="Se limiter à cette direction"),
            OpenApiParameter("centre", int, description="Se limiter à ce centre"),
        ],
        responses=OpenApiTypes.OBJECT,
        tags=ETIQUETTE,
    )
    def get(self, request: Request) -> Response:
        direction, centre = _identifiant(request, "direction"), _identifiant(request, "centre")
        etendue = etendue_de(request.user)
        rapport = couverture(direction_id=direction, centre_id=centre, etendue=etendue)
        if not rapport.total.taches:
            _refuser_un_inconnu(etendue, direction=direction, centre=centre)
        return Response(
            {
                "total": _forme(rapport.total),
                "typologies": [_forme(ligne) for ligne in rapport.typologies],
                "centres": [_forme(ligne) for ligne in rapport.centres],
                "regles": [
                    {"cause": cause, "code": code, "nom": nom, "taches": nombre}
                    for cause, code, nom, nombre in rapport.regles
                ],
            }
        )


def _identifiant(request: Request, nom: str) -> int | None:
    brut = request.query_params.get(nom)
    if not brut:
        return None
    if not brut.isdecimal() or int(brut) >= 2**63:
        raise ValidationError({nom: [f"« {brut[:50]} » n'est pas un identifiant."]})
    return int(brut)


def _refuser_un_inconnu(etendue: Etendue, **cles: int | None) -> None:
    """Sans tâche, une couverture est de 100 % : un périmètre inconnu ne doit pas en avoir une."""
    for nom, modele in (("direction", Direction), ("centre", Centre)):
        pk = cles[nom]
        if pk is not None and not modele.objects.dans(etendue).filter(pk=pk).exists():
            raise ValidationError({nom: [f"{pk} n'existe pas."]})


def _forme(ligne: Ligne) -> dict[str, Any]:
    return {
        "id": ligne.identifiant,
        "nom": ligne.nom,
        "taches": ligne.taches,
        "non_couvertes": ligne.non_couvertes,
        "part_couverte": ligne.part,
        **{f"sans_{cause}": nombre for cause, nombre in ligne.causes.items()},
    }
