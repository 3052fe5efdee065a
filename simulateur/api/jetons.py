"""Les jetons de qui appelle : les lire, en créer, en révoquer.

Un jeton n'en crée ni n'en révoque : volé, il ne survivrait pas à sa propre révocation.
Voir docs/metier/effectifs.md#jetons.
"""

from typing import Literal, TypedDict

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from simulateur.api.formes import Horodatage, forme
from simulateur.api.vues import VueApi
from simulateur.cache import usages
from simulateur.models import Jeton
from simulateur.models.jetons import DUREE_JOURS, DUREE_MAX_JOURS


class JetonJson(TypedDict):
    """`expire_le` : nul, il n'expire pas. `utilise_le` : à une minute près, nul s'il n'a jamais servi."""

    id: int
    nom: str
    portee: Literal["lecture", "ecriture"]
    cree_le: Horodatage
    expire_le: Horodatage | None
    utilise_le: Horodatage | None
    expire: bool


class JetonCree(JetonJson):
    """`secret` : à garder maintenant, il ne se relit pas."""

    secret: str


class JetonsJson(TypedDict):
    count: int
    next: str | None
    previous: str | None
    results: list[JetonJson]


class DemandeDeJeton(serializers.Serializer[Jeton]):
    nom = serializers.CharField(max_length=60)
    portee = serializers.ChoiceField(choices=["lecture", "ecriture"], default="lecture")
    duree_jours = serializers.IntegerField(
        min_value=1, max_value=DUREE_MAX_JOURS, allow_null=True, default=DUREE_JOURS
    )


def en_dict(jeton: Jeton) -> JetonJson:
    return {
        "id": jeton.pk,
        "nom": jeton.nom,
        "portee": "lecture" if jeton.lecture_seule else "ecriture",
        "cree_le": jeton.created.isoformat(),
        "expire_le": jeton.expiry.isoformat() if jeton.expiry else None,
        "utilise_le": jeton.utilise_le.isoformat() if jeton.utilise_le else None,
        "expire": jeton.expire,
    }


def _exiger_une_session(request: Request) -> None:
    if request.auth is not None:
        raise PermissionDenied("Un jeton ne crée ni ne révoque de jeton : ouvrir une session du site.")


@extend_schema(tags=["compte"])
class VueJetons(VueApi):
    @extend_schema(
        summary="Mes jetons, sans leur secret",
        description="Tous en une page : leur nombre est borné.",
        responses=forme(JetonsJson),
    )
    def get(self, request: Request) -> Response:
        lus = [en_dict(jeton) for jeton in usages.completer(Jeton.objects.de(request.user))]
        rendus: JetonsJson = {"count": len(lus), "next": None, "previous": None, "results": lus}
        return Response(rendus)

    @extend_schema(
        summary="Créer un jeton (session du site)", request=DemandeDeJeton, responses={201: forme(JetonCree)}
    )
    def post(self, request: Request) -> Response:
        _exiger_une_session(request)
        demande = DemandeDeJeton(data=request.data)
        demande.is_valid(raise_exception=True)
        jeton, secret = Jeton.objects.emettre(request.user, **demande.validated_data)
        cree: JetonCree = {**en_dict(jeton), "secret": secret}
        return Response(cree, status=201, headers={"Cache-Control": "no-store"})


@extend_schema(tags=["compte"])
class VueJeton(VueApi):
    @extend_schema(
        summary="Révoquer un jeton (session du site)",
        responses={204: OpenApiResponse(description="Révoqué : il n'ouvre plus rien")},
    )
    def delete(self, request: Request, id: int) -> Response:
        _exiger_une_session(request)
        get_object_or_404(Jeton.objects.de(request.user), pk=id).delete()
        return Response(status=204)
