"""API des statistiques, en lecture seule.

Chaque réponse porte `demo: true` tant que des tirages fictifs sont en base.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from euromillions.api import schemas
from euromillions.api.filtre import ETIQUETTE, PARAMETRES_FILTRE, lire_le_filtre
from euromillions.api.permissions import Consulter
from euromillions.lectures import familles, fraicheur, histoire, reperes, statistiques
from simulateur.api import gardees
from simulateur.api.vues import VueApi


@extend_schema(tags=ETIQUETTE)
class VueStatistiques(VueApi):
    """Base des vues en lecture : révision lue une fois, filtre vérifié."""

    permission_classes = [Consulter]


class StatistiquesRapides(VueStatistiques):
    @extend_schema(
        summary="Comptes, pourcentages et dernière sortie de chaque boule",
        parameters=PARAMETRES_FILTRE,
        responses={200: schemas.RAPIDE},
    )
    def get(self, request: Request) -> HttpResponse:
        revision = histoire.revision()
        filtre = lire_le_filtre(request, revision)
        lecture = statistiques.rapides(filtre, revision)
        etiquette = statistiques.en_json(statistiques.etiquette_de_cache(lecture, familles.RAPIDE, revision))
        # Deux objets JSON mis bout à bout : le premier est servi tel qu'il est rangé.
        return HttpResponse(f"{lecture.valeur[:-1]},{etiquette[1:]}", content_type="application/json")


# Ce que chaque section des statistiques complètes rend aussi.
COMMUNS = ("total_draws", "date_range", "missing_dates", "demo")


class StatistiquesCompletes(VueStatistiques):
    # La partie des statistiques complètes rendue ; vide pour tout rendre.
    section = ""

    @extend_schema(
        summary="Statistiques complètes de la sélection",
        parameters=PARAMETRES_FILTRE,
        responses={200: schemas.COMPLET},
    )
    def get(self, request: Request) -> Response:
        return self.repondre(request)

    def repondre(self, request: Request) -> Response:
        revision = histoire.revision()
        filtre = lire_le_filtre(request, revision)
        lecture = statistiques.completes(filtre, revision)
        corps = lecture.valeur
        if self.section:
            communs = {nom: corps[nom] for nom in COMMUNS if nom in corps}
            corps = communs | corps[self.section]
        return Response(corps | statistiques.etiquette_de_cache(lecture, familles.COMPLET, revision))


class AnalyseEcarts(StatistiquesCompletes):
    section = "gaps"

    @extend_schema(
        summary="Écarts de chaque boule et chances de sortie selon l'absence",
        parameters=PARAMETRES_FILTRE,
        responses={200: schemas.ECARTS},
    )
    def get(self, request: Request) -> Response:
        return self.repondre(request)


class AnalyseCombinaisons(StatistiquesCompletes):
    section = "combinations"

    @extend_schema(
        summary="Paires, triplets, quadruplets et paires d'étoiles",
        parameters=PARAMETRES_FILTRE,
        responses={200: schemas.COMBINAISONS},
    )
    def get(self, request: Request) -> Response:
        return self.repondre(request)


@extend_schema(tags=ETIQUETTE)
class HistoireBoule(VueApi):
    permission_classes = [Consulter]
    etoile = False

    @extend_schema(
        summary="Histoire d'une boule : années, écarts, boules sorties avec elle",
        parameters=PARAMETRES_FILTRE,
        responses={200: schemas.BOULE},
    )
    def get(self, request: Request, valeur: int) -> Response:
        revision = histoire.revision()
        filtre = lire_le_filtre(request, revision)
        if not reperes.boule_existe(valeur, revision, etoile=self.etoile):
            raise exceptions.NotFound("Cette boule n'existe dans aucune ère du jeu.")
        lecture = statistiques.boule(valeur, filtre, revision, etoile=self.etoile)
        return Response(lecture.valeur | statistiques.etiquette_de_cache(lecture, familles.COMPLET, revision))


@extend_schema(tags=ETIQUETTE)
class Gains(VueApi):
    permission_classes = [Consulter]

    @extend_schema(
        summary="Gains mesurés par rang, pour chaque ère de la sélection",
        parameters=PARAMETRES_FILTRE,
        responses={200: schemas.GAINS},
    )
    def get(self, request: Request) -> Response:
        revision = histoire.revision()
        filtre = lire_le_filtre(request, revision)
        lecture = statistiques.gains(filtre, revision)
        return Response(lecture.valeur | statistiques.etiquette_de_cache(lecture, familles.COMPLET, revision))


@extend_schema(tags=ETIQUETTE)
class Eres(VueApi):
    permission_classes = [Consulter]

    @extend_schema(summary="Ères du jeu, rangs et chances exactes", responses={200: schemas.ERES})
    def get(self, request: Request) -> Response:
        revision = histoire.revision()
        return Response({"eras": reperes.eres(revision)} | reperes.mention_demo(revision))


@extend_schema(tags=ETIQUETTE)
class Fraicheur(VueApi):
    permission_classes = [Consulter]

    @extend_schema(
        summary="Dernier et prochain tirages, dates qui manquent, révision des données",
        responses={200: schemas.FRAICHEUR},
    )
    def get(self, request: Request) -> HttpResponse:
        revision = histoire.revision()
        lue = fraicheur.fraicheur(revision, timezone.now())
        corps = lue | reperes.mention_demo(revision)
        return gardees.repondre(request, lambda: [revision, lue["next_draw"]], lambda: corps)


@extend_schema(tags=ETIQUETTE)
class Annees(VueApi):
    permission_classes = [Consulter]

    @extend_schema(summary="Années qui ont des tirages", responses={200: schemas.ANNEES})
    def get(self, request: Request) -> Response:
        revision = histoire.revision()
        return Response({"years": reperes.annees(revision)} | reperes.mention_demo(revision))
