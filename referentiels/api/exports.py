"""API des exports du référentiel : au format des imports, pour un centre, une direction ou le pays."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from referentiels.exports.lignes import TABLES
from referentiels.exports.portee import lire_portee
from referentiels.exports.service import exporter, exporter_gabarit, verifier_genre
from referentiels.imports.service import Genre
from referentiels.lectures.annees import lire_annee
from referentiels.models.activite import ANNEE_MAX, ANNEE_MIN
from referentiels.perms import etendue_de, peut_voir_les_couts
from simulateur.api.formes import borne
from simulateur.api.vues import VueApi
from simulateur.fichiers.tableaux import FORMATS, TYPES_MIME
from simulateur.web.piece_jointe import en_piece_jointe

GENRE = OpenApiParameter("genre", str, OpenApiParameter.PATH, enum=Genre.values)


class ExporterReferentiel(VueApi):
    @extend_schema(
        summary="Tâches, volumes, effectifs, réseau ou règles, réimportables tels quels",
        parameters=[
            GENRE,
            OpenApiParameter("centre", str, description="Code d'un centre"),
            OpenApiParameter("direction", str, description="Code d'une direction"),
            OpenApiParameter("typologie", str, description="Code d'une typologie : ses tâches modèles"),
            OpenApiParameter(
                "annee",
                borne("integer", ANNEE_MIN, ANNEE_MAX),
                description="Volumes de cette année",
            ),
            OpenApiParameter(
                "table",
                str,
                description="Une table du réseau ou des règles ; il en faut une au csv",
                enum=TABLES,
            ),
            OpenApiParameter("format", str, description="xlsx par défaut", enum=FORMATS),
        ],
        responses={(200, type_mime): OpenApiTypes.BINARY for type_mime in TYPES_MIME.values()},
        tags=["imports"],
    )
    def get(self, request: Request, genre: str) -> HttpResponse:
        verifier_genre(genre)
        demande = request.query_params
        codes = {nom: demande.get(nom, "") for nom in ("centre", "direction", "typologie")}
        portee = lire_portee(**codes, etendue=etendue_de(request.user))
        fichier = exporter(
            genre,
            portee,
            annee=lire_annee(demande.get("annee")),
            format_=demande.get("format") or "xlsx",
            table=demande.get("table") or "",
            couts=peut_voir_les_couts(request.user),
        )
        return en_piece_jointe(fichier)


class GabaritImport(VueApi):
    @extend_schema(
        summary="Le classeur vide d'un import, ses codes permis et un exemple",
        parameters=[GENRE],
        responses={(200, TYPES_MIME["xlsx"]): OpenApiTypes.BINARY},
        tags=["imports"],
    )
    def get(self, request: Request, genre: str) -> HttpResponse:
        verifier_genre(genre)
        fichier = exporter_gabarit(genre, etendue_de(request.user))
        return en_piece_jointe(fichier)
