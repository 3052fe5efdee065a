"""API des grilles : lancer une génération, la suivre, l'annuler."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from euromillions.api.serializers.demandes import DemandeEcriteSerializer
from euromillions.api.serializers.grilles import (
    AnnulationSerializer,
    LancementSerializer,
    SuiviSerializer,
)
from euromillions.grilles import restitution
from euromillions.grilles.demande import DemandeSerializer
from euromillions.grilles.lancement import lancer
from euromillions.jeu.prix import NOTE_DU_RETOUR
from euromillions.models import Generation, Strategie
from euromillions.models.grilles import GRAINE_MAX, NOMBRE_MAX
from euromillions.perms import peut_annuler_la_generation, peut_generer, peut_voir_la_generation
from euromillions.precision import strategies
from simulateur.api import travaux
from simulateur.api.formes import borne
from simulateur.api.inconnus import corps_recu
from simulateur.api.vues import VueApi
from simulateur.models import Etat

ETIQUETTE = ["EuroMillions : grilles"]
DEUX_VALEURS = "Une valeur dans l'adresse et une autre dans le corps : n'en donner qu'une."


def parametres_recus(vue: VueApi, request: Request, noms: tuple[str, ...]) -> dict[str, Any]:
    """Les paramètres du corps JSON, complétés par ceux de l'adresse.

    400 si le corps n'est pas un objet, ou si un paramètre y a une autre valeur que dans l'adresse : rien ne
    dit laquelle des deux compte.
    """
    corps = corps_recu(request, vue)
    if not isinstance(corps, Mapping):
        raise exceptions.ValidationError({"detail": "Le corps attendu est un objet JSON."})
    recus = {nom: request.query_params[nom] for nom in noms if nom in request.query_params}
    du_corps = {nom: corps[nom] for nom in noms if nom in corps}
    doubles = [nom for nom in recus if nom in du_corps and str(du_corps[nom]) != recus[nom]]
    if doubles:
        raise exceptions.ValidationError({nom: [DEUX_VALEURS] for nom in doubles})
    return recus | du_corps


class Generer(VueApi):
    @extend_schema(
        tags=ETIQUETTE,
        summary="Générer des grilles en tâche de fond",
        parameters=[
            OpenApiParameter("strategy", str, enum=Strategie.values),
            OpenApiParameter("num_grids", borne("integer", 1, NOMBRE_MAX)),
            OpenApiParameter(
                "seed",
                borne("integer", 0, GRAINE_MAX),
                description="Pour les retrouver.",
            ),
        ],
        request=DemandeEcriteSerializer,
        responses={202: LancementSerializer, 400: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request) -> Response:
        if not peut_generer(request.user):
            raise exceptions.PermissionDenied
        lecture = DemandeSerializer(data=parametres_recus(self, request, ("strategy", "num_grids", "seed")))
        lecture.is_valid(raise_exception=True)
        generation = lancer(lecture.en_demande(), demandeur=request.user)
        return travaux.mis_en_file(
            generation,
            statut="started",
            message=generation.message if generation.du_cache else f"{generation} : mise en file",
            adresse="/api/euromillions/task-status",
            cached=generation.du_cache,
        )


class PrecisionDesStrategies(VueApi):
    @extend_schema(
        tags=ETIQUETTE,
        summary="Ce que chaque stratégie a trouvé, comparé au hasard exact",
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> Response:
        lecture = strategies.lire()
        return Response(
            {
                "strategies": strategies.en_lignes(lecture.valeur),
                "cached": lecture.en_cache,
                "return_note": NOTE_DU_RETOUR,
            }
        )


class Tache(VueApi):
    """Suivi et annulation d'une génération : les siennes, ou toutes pour le personnel."""

    def _generation(self, task_id: str) -> Generation:
        try:
            generation = Generation.objects.filter(pk=UUID(task_id)).first()
        except ValueError:
            generation = None
        if generation is None or not peut_voir_la_generation(self.request.user, generation):
            raise exceptions.NotFound("Aucune génération n'a cet identifiant.")
        return generation

    @extend_schema(
        tags=ETIQUETTE,
        summary="État, progression et grilles d'une génération",
        responses={200: SuiviSerializer, 404: OpenApiResponse(description="Identifiant inconnu")},
    )
    def get(self, request: Request, task_id: str) -> Response:
        return Response(_suivi(self._generation(task_id)))

    @extend_schema(tags=ETIQUETTE, summary="Annuler une génération", responses={200: AnnulationSerializer})
    def delete(self, request: Request, task_id: str) -> Response:
        generation = self._generation(task_id)
        if not peut_annuler_la_generation(request.user, generation):
            raise exceptions.PermissionDenied
        return Response(travaux.annuler(generation, "génération"))


def _suivi(generation: Generation) -> dict[str, Any]:
    """Les grilles ne sont lues qu'une fois la génération finie."""
    corps = travaux.suivi(generation, current=generation.faites, total=generation.nombre)
    if generation.etat == Etat.TERMINEE:
        corps["result"] = restitution.resultat(generation)
    return corps
