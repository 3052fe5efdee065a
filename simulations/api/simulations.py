"""API des simulations gardées : historique, postes, comparaison et analyses."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from simulateur.api.conventions import Conflit, Pagination
from simulateur.api.etats import etat_api
from simulateur.models import Etat
from simulations import perms
from simulations.analyses import calculees as analyses
from simulations.analyses.comparaison import comparer, resume
from simulations.analyses.metiers import metiers
from simulations.analyses.modes import trois_modes
from simulations.api.documentation import PERIMETRE, REPONSES, parametre
from simulations.api.serializers_analyses import (
    ConservationSerializer,
    RejeuSerializer,
    ResultatPosteSerializer,
    ResumeSerializer,
)
from simulations.calculs.rejeu import rejouer
from simulations.calculs.relecture import flux_de
from simulations.demandes import options
from simulations.demandes.perimetre import Perimetre
from simulations.models import ResultatPoste, Simulation
from simulations.moteur import MODES
from simulations.moteur.calcul import DECISIONS
from simulations.moteur.reequilibrage import DISTANCES, MOUVEMENTS_MAX
from simulations.resultats.restitution import mesures

TRIS = ("cree_le", "-cree_le", "ecart_dixiemes", "-ecart_dixiemes", "etp_pico", "-etp_pico")


def lire_terminee(compte: Any, cle: UUID) -> Simulation:
    """La simulation terminée que ce compte peut voir ; 404, 403 ou 409."""
    simulation: Simulation = get_object_or_404(Simulation.objects.select_related("scenario"), pk=cle)
    if not perms.peut_voir(compte, simulation):
        raise PermissionDenied
    if simulation.etat != Etat.TERMINEE:
        raise Conflit(f"Cette simulation n'a pas de résultat : {simulation.get_etat_display().lower()}.")
    return simulation


def lire_toutes(compte: Any, cles: list[UUID]) -> list[Simulation]:
    """Les simulations à comparer, dans l'ordre demandé. Une requête."""
    lues = {s.pk: s for s in Simulation.objects.select_related("scenario").filter(pk__in=cles)}
    for cle in cles:
        if cle not in lues:
            raise Conflit(f"La simulation {cle} n'existe pas ou a été purgée.")
        if not perms.peut_voir(compte, lues[cle]):
            raise PermissionDenied
        if lues[cle].etat != Etat.TERMINEE:
            raise Conflit(f"La simulation {cle} n'est pas terminée.")
    return [lues[cle] for cle in cles]


class Historique(APIView):
    @extend_schema(
        summary="Simulations passées et en cours, filtrées, par pages",
        parameters=[
            parametre("niveau", str, "Niveau", tuple(Simulation.Niveau.values)),
            parametre("etat", str, "État", tuple(Etat.values)),
            parametre("mode", str, "Mode", MODES),
            parametre("direction", int, "Identifiant de la direction"),
            parametre("scenario", int, "Identifiant du scénario"),
            parametre("mes", bool, "Les miennes seulement"),
            parametre("conservee", bool, "Conservées, ou non"),
            parametre("q", str, "Mots du libellé"),
            parametre("tri", str, "Tri", TRIS),
            parametre("page", int, "Page"),
            parametre("page_size", int, "Lignes par page, 500 au plus"),
        ],
        responses=ResumeSerializer(many=True),
        tags=["simulations"],
    )
    def get(self, request: Request) -> Response:
        paginateur = Pagination()
        page = paginateur.paginate_queryset(filtrees(request.query_params, request.user), request, self)
        return paginateur.get_paginated_response([ligne_historique(s) for s in page or []])


def filtrees(donnees: Any, compte: Any) -> "QuerySet[Simulation]":
    """Les simulations que ces filtres gardent, sans leurs entrées volumineuses."""
    lues: QuerySet[Simulation] = Simulation.objects.select_related("demandeur", "scenario").defer(
        "volumes_demandes", "centre_ids", "rapport"
    )
    for nom, permis in (("niveau", Simulation.Niveau.values), ("etat", Etat.values)):
        if donnees.get(nom):
            lues = lues.filter(**{nom: options.choix(donnees, nom, permis, defaut="")})
    if donnees.get("mode"):
        lues = lues.filter(parametres__mode=options.choix(donnees, "mode", MODES, defaut=""))
    for nom in ("direction", "scenario"):
        pk = options.cle(donnees, nom)
        if pk:
            lues = lues.filter(**{f"{nom}_id": pk})
    if options.booleen(donnees, "mes", defaut=False):
        lues = lues.filter(demandeur=compte)
    if donnees.get("conservee"):
        lues = lues.filter(conservee=options.booleen(donnees, "conservee", defaut=False))
    if donnees.get("q"):
        lues = lues.filter(libelle__icontains=str(donnees["q"])[:100].replace("\x00", ""))
    return lues.order_by(options.choix(donnees, "tri", TRIS, defaut="-cree_le"), "pk")


def ligne_historique(simulation: Simulation) -> dict[str, Any]:
    finie = simulation.etat == Etat.TERMINEE
    return {
        **resume(simulation),
        "niveau": simulation.niveau,
        "state": etat_api(simulation),
        "etat": simulation.etat,
        "direction_id": simulation.direction_id,
        "scenario_id": simulation.scenario_id,
        "rejoue_de": str(simulation.rejoue_de_id) if simulation.rejoue_de_id else None,
        "conservee": simulation.conservee,
        "demandeur": simulation.demandeur.get_username() if simulation.demandeur else None,
        "cree_le": simulation.cree_le.isoformat(),
        "nb_centres": simulation.nb_centres,
        "revision": simulation.revision,
        "resultat_disponible": finie,
    }


class Postes(APIView):
    @extend_schema(
        summary="Les postes d'une simulation, par pages",
        parameters=[
            parametre("direction", int, "Postes de cette direction"),
            parametre("centre", int, "Postes de ce centre"),
            parametre("type", str, "MOD ou MOI", ("MOD", "MOI")),
            parametre("decision", str, "Décision", DECISIONS),
            parametre("page", int, "Page"),
            parametre("page_size", int, "Lignes par page, 500 au plus"),
        ],
        responses=ResultatPosteSerializer(many=True),
        tags=["simulations"],
    )
    def get(self, request: Request, cle: UUID) -> Response:
        simulation = lire_terminee(request.user, cle)
        donnees = request.query_params
        postes: QuerySet[ResultatPoste] = simulation.postes.order_by("centre_id", "nom", "pk")
        centre, direction = options.cle(donnees, "centre"), options.cle(donnees, "direction")
        if centre:
            postes = postes.filter(centre_id=centre)
        if direction:
            de_la_direction = simulation.centres.filter(direction_id=direction).order_by()
            postes = postes.filter(centre_id__in=de_la_direction.values("centre_id"))
        for nom, permis in (("type", ("MOD", "MOI")), ("decision", DECISIONS)):
            if donnees.get(nom):
                postes = postes.filter(**{nom: options.choix(donnees, nom, permis, defaut="")})
        paginateur = Pagination()
        page = paginateur.paginate_queryset(postes, request, self)
        return paginateur.get_paginated_response(
            [
                {
                    "centre_id": poste.centre_id,
                    "poste_id": poste.titre_id,
                    "poste_label": poste.nom,
                    "type": poste.type,
                    **mesures(poste),
                }
                for poste in page or []
            ]
        )


class Comparaison(APIView):
    @extend_schema(
        summary="Comparer des simulations : différences et pourquoi",
        description="La première est la base. Les effets entiers (`exact`) somment à la différence.",
        parameters=[parametre("ids", str, "De 2 à 5 identifiants, séparés par des virgules"), *PERIMETRE],
        responses=REPONSES,
        tags=["analyses"],
    )
    def get(self, request: Request) -> Response:
        simulations = lire_toutes(request.user, options.identifiants(request.query_params))
        perimetre = options.perimetre_commun(request.query_params, simulations)
        return Response(comparer(simulations, perimetre))


class _Analyse(APIView):
    """Base d'une analyse : lit la simulation et le périmètre, rend la forme de `analyses`."""

    def get(self, request: Request, cle: UUID) -> Response:
        simulation = lire_terminee(request.user, cle)
        perimetre = options.perimetre(request.query_params, simulation)
        corps = self.analyser(request.query_params, simulation, perimetre)
        return Response({"simulation": resume(simulation), **corps})

    def analyser(self, donnees: Any, simulation: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        raise NotImplementedError


class Sensibilites(_Analyse):
    @extend_schema(
        summary="Effet d'un petit changement de chaque levier",
        parameters=PERIMETRE,
        responses=REPONSES,
        tags=["analyses"],
    )
    def get(self, request: Request, cle: UUID) -> Response:
        return super().get(request, cle)

    def analyser(self, donnees: Any, simulation: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        return analyses.sensibilites(simulation, perimetre)


class Incertitude(_Analyse):
    @extend_schema(
        summary="Intervalles à 80 et 95 % quand les volumes sont incertains",
        parameters=[
            *PERIMETRE,
            parametre("graine", int, "Graine des tirages (0 à 2³¹ − 1)"),
            parametre("dispersion", float, "Écart-type des volumes, en % (0 à 100)"),
            parametre("dispersion_{flux}", float, "Le même, propre à un flux : dispersion_co=15"),
            parametre("tirages", int, "Nombre de tirages (100 à 5 000)"),
        ],
        responses=REPONSES,
        tags=["analyses"],
    )
    def get(self, request: Request, cle: UUID) -> Response:
        return super().get(request, cle)

    def analyser(self, donnees: Any, simulation: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        return analyses.incertitude(simulation, perimetre, **lire_incertitude(donnees, simulation))


def lire_incertitude(donnees: Any, simulation: Simulation) -> dict[str, Any]:
    """Options des tirages, bornées."""
    propres = any(nom.startswith("dispersion_") for nom in donnees)
    return {
        "graine": options.entier(donnees, "graine", defaut=1, minimum=0, maximum=2**31 - 1),
        "dispersion": options.nombre(
            donnees, "dispersion", defaut=analyses.DISPERSION_DEFAUT, minimum=0, maximum=100
        ),
        "tirages": options.entier(donnees, "tirages", defaut=analyses.TIRAGES, minimum=100, maximum=5000),
        "par_flux_": options.dispersions(donnees, flux_de(simulation)) if propres else {},
    }


class Reequilibrage(_Analyse):
    @extend_schema(
        summary="Mouvements de personnes qui combleraient le plus de besoin ; rien n'est appliqué",
        parameters=[
            *PERIMETRE,
            parametre("distance", str, "Dans la direction, ou dans tout le pays", DISTANCES),
            parametre("mouvements_max", int, "Personnes déplacées au plus"),
            parametre("mapping", bool, "Permettre les métiers correspondants (vrai par défaut)"),
        ],
        responses=REPONSES,
        tags=["analyses"],
    )
    def get(self, request: Request, cle: UUID) -> Response:
        return super().get(request, cle)

    def analyser(self, donnees: Any, simulation: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        return analyses.reequilibrage(simulation, perimetre, **lire_reequilibrage(donnees))


def lire_reequilibrage(donnees: Any) -> dict[str, Any]:
    return {
        "distance": options.choix(donnees, "distance", DISTANCES, defaut=DISTANCES[0]),
        "mouvements_max": options.entier(
            donnees, "mouvements_max", defaut=MOUVEMENTS_MAX, minimum=0, maximum=MOUVEMENTS_MAX
        ),
        "avec_mapping": options.booleen(donnees, "mapping", defaut=True),
    }


class Profil(_Analyse):
    @extend_schema(
        summary="Les 12 mois et leur pointe",
        parameters=[
            *PERIMETRE,
            parametre("parts", str, "Douze parts du volume annuel en %, 8,33 chacune par défaut"),
        ],
        responses=REPONSES,
        tags=["analyses"],
    )
    def get(self, request: Request, cle: UUID) -> Response:
        return super().get(request, cle)

    def analyser(self, donnees: Any, simulation: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        parts = options.parts_du_mois(donnees) or analyses.profils.PARTS_DEFAUT
        return analyses.profil(simulation, perimetre, parts)


class Couts(_Analyse):
    @extend_schema(
        summary="Masse salariale mensuelle et annuelle, présente et calculée",
        parameters=PERIMETRE,
        responses=REPONSES,
        tags=["analyses"],
    )
    def get(self, request: Request, cle: UUID) -> Response:
        return super().get(request, cle)

    def analyser(self, donnees: Any, simulation: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        return analyses.couts(simulation, perimetre)


class Metiers(_Analyse):
    @extend_schema(
        summary="Chaque titre de poste, additionné sur ses centres",
        parameters=PERIMETRE[1:],
        responses=REPONSES,
        tags=["analyses"],
    )
    def get(self, request: Request, cle: UUID) -> Response:
        return super().get(request, cle)

    def analyser(self, donnees: Any, simulation: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        return metiers(simulation, perimetre)


class Modes(_Analyse):
    @extend_schema(
        summary="Les trois modes côte à côte, sur les mêmes entrées",
        parameters=PERIMETRE,
        responses=REPONSES,
        tags=["analyses"],
    )
    def get(self, request: Request, cle: UUID) -> Response:
        return super().get(request, cle)

    def analyser(self, donnees: Any, simulation: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        return trois_modes(simulation, perimetre)


# La page, l'API et la commande nomment ainsi les analyses.
ANALYSES: dict[str, type[_Analyse]] = {
    "sensibilites": Sensibilites,
    "incertitude": Incertitude,
    "reequilibrage": Reequilibrage,
    "profil": Profil,
    "couts": Couts,
    "modes": Modes,
    "metiers": Metiers,
}


class Rejeu(APIView):
    @extend_schema(
        summary="Rejouer une simulation depuis ses entrées gardées",
        request=None,
        responses={202: RejeuSerializer, 409: OpenApiResponse(description="Non terminée, ou purgée")},
        tags=["simulations"],
    )
    def post(self, request: Request, cle: UUID) -> Response:
        simulation = lire_terminee(request.user, cle)
        if not perms.peut_lancer(request.user):
            raise PermissionDenied
        rejeu = rejouer(simulation, demandeur=request.user)
        return Response(
            {
                "task_id": str(rejeu.pk),
                "status": "PENDING",
                "message": f"Rejeu de {simulation.libelle} mis en file",
                "check_status_url": f"/api/async/task/{rejeu.pk}",
            },
            status=status.HTTP_202_ACCEPTED,
        )


class Conservation(APIView):
    @extend_schema(
        summary="Épargner une simulation de la purge, ou l'y rendre",
        request=ConservationSerializer,
        responses={200: ConservationSerializer, 403: OpenApiTypes.OBJECT},
        tags=["simulations"],
    )
    def post(self, request: Request, cle: UUID) -> Response:
        simulation: Simulation = get_object_or_404(Simulation.objects.pour_suivi(), pk=cle)
        if not perms.peut_annuler(request.user, simulation):
            raise PermissionDenied
        conservee = options.booleen(options.corps(request.data), "conservee", defaut=True)
        Simulation.objects.filter(pk=cle).update(conservee=conservee)
        return Response({"conservee": conservee})
