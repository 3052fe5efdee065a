"""API des analyses : une vue par entrée du registre, et la comparaison de plusieurs simulations."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from simulateur.api import gardees
from simulateur.api.formes import borne
from simulateur.api.vues import VueApi
from simulateur.fichiers.tableaux import FORMATS
from simulateur.web import reserves
from simulateur.web.piece_jointe import en_piece_jointe
from simulations.analyses.analyse import Analyse, Corps, Option
from simulations.analyses.comparaison import comparer_pour
from simulations.analyses.registre import ANALYSES
from simulations.api.documentation import PERIMETRE, REPONSES, parametre
from simulations.api.terminee import lire_terminee
from simulations.demandes import options
from simulations.exports import tables
from simulations.models import Simulation
from simulations.resultats.etat import etat_de
from simulations.resultats.restitution import resume

UUIDS = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
IDS = OpenApiParameter(
    "ids",
    {"type": "string", "pattern": f"^{UUIDS}(,{UUIDS}){{1,4}}$"},
    required=True,
    description="De 2 à 5 identifiants, séparés par des virgules",
)


FORMAT = parametre("format", str, "xlsx par défaut, ou csv", FORMATS)


class Comparaison(VueApi):
    @extend_schema(
        summary="Comparer des simulations : différences et pourquoi",
        description="La première est la base. Les effets entiers (`exact`) somment à la différence.",
        parameters=[IDS, *PERIMETRE],
        responses=REPONSES,
        tags=["analyses"],
    )
    def get(self, request: Request) -> Response:
        return Response(comparer_pour(request.user, request.query_params).corps)


class FichierDeComparaison(VueApi):
    @extend_schema(
        summary="La comparaison en classeur ou en csv",
        parameters=[IDS, *PERIMETRE, FORMAT],
        responses={**REPONSES, 200: OpenApiTypes.BINARY},
        tags=["analyses"],
    )
    def get(self, request: Request) -> HttpResponse:
        format_ = options.choix(request.query_params, "format", FORMATS, defaut=FORMATS[-1])
        corps = reserves.pour(request.user, comparer_pour(request.user, request.query_params).corps)
        return en_piece_jointe(tables.de_la_comparaison(corps, format_))


class VueAnalyse(VueApi):
    # Base d'une analyse : lit la simulation et le périmètre, rend la forme de `analyses`.

    analyse: Analyse

    def get(self, request: Request, cle: UUID) -> HttpResponse:
        simulation = lire_terminee(request.user, cle)
        return gardees.repondre(
            request,
            lambda: etat_de([simulation]),
            lambda: {"simulation": resume(simulation), **self.analyser(request, simulation)},
        )

    def analyser(self, request: Request, simulation: Simulation) -> Corps:
        perimetre = options.perimetre(request.query_params, simulation)
        return self.analyse.analyser(request.query_params, simulation, perimetre)


class VueFichier(VueAnalyse):
    """La même analyse, aux mêmes options, en classeur ou en csv."""

    def get(self, request: Request, cle: UUID) -> HttpResponse:
        simulation = lire_terminee(request.user, cle)
        format_ = options.choix(request.query_params, "format", FORMATS, defaut=FORMATS[-1])
        corps = reserves.pour(request.user, self.analyser(request, simulation))
        return en_piece_jointe(tables.de_l_analyse(self.analyse.code, simulation, corps, format_))


def vue(analyse: Analyse, base: type[VueAnalyse] = VueAnalyse) -> type[VueAnalyse]:
    """La vue d'une analyse, documentée de ce que dit le registre."""
    perimetre = PERIMETRE if analyse.a_niveaux else PERIMETRE[1:]
    en_fichier = issubclass(base, VueFichier)
    documenter = extend_schema(
        summary=f"{analyse.phrase}, en fichier" if en_fichier else analyse.phrase,
        parameters=[*perimetre, *map(_parametre, analyse.options), *([FORMAT] if en_fichier else [])],
        responses={**REPONSES, 200: OpenApiTypes.BINARY} if en_fichier else REPONSES,
        tags=["analyses"],
    )
    nom = f"{'Fichier' if en_fichier else ''}{analyse.code.capitalize()}"
    classe = type(nom, (base,), {"analyse": analyse, "__doc__": base.__doc__})
    documentee: type[VueAnalyse] = extend_schema_view(get=documenter)(classe)
    return documentee


def _parametre(option: Option) -> OpenApiParameter:
    if option.bornes is None:
        return parametre(option.nom, option.type, option.phrase, option.choix)
    sorte = "integer" if option.type is int else "number"
    return OpenApiParameter(option.nom, borne(sorte, *option.bornes), description=option.phrase)


VUES = {analyse.code: vue(analyse) for analyse in ANALYSES}
FICHIERS = {analyse.code: vue(analyse, VueFichier) for analyse in ANALYSES}
