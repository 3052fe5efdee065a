"""API des simulations gardées : historique, postes, rejeu et conservation."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from simulateur.api import gardees
from simulateur.api.conventions import Pagination
from simulateur.api.etats import etat_api
from simulateur.api.formes import forme
from simulateur.api.travaux import mis_en_file
from simulateur.api.vues import VueApi
from simulateur.models import Etat
from simulations import perms
from simulations.api import schemas
from simulations.api.documentation import ADRESSE_DE_SUIVI, cle, parametre
from simulations.api.terminee import lire_terminee
from simulations.calculs.rejeu import rejouer
from simulations.demandes import options
from simulations.models import ResultatPoste, Simulation
from simulations.moteur import MODES
from simulations.moteur.calcul import DECISIONS
from simulations.resultats.etat import etat_de
from simulations.resultats.historique import TRI_PAR_DEFAUT, Criteres, filtrer
from simulations.resultats.postes import postes_de
from simulations.resultats.restitution import mesures, resume

TRIS = ("cree_le", "-cree_le", "ecart_dixiemes", "-ecart_dixiemes", "etp_pico", "-etp_pico")


class Historique(VueApi):
    pagination_class = Pagination

    @extend_schema(
        summary="Simulations passées et en cours, filtrées, par pages",
        parameters=[
            parametre("niveau", str, "Niveau", tuple(Simulation.Niveau.values)),
            parametre("etat", str, "État", tuple(Etat.values)),
            parametre("mode", str, "Mode", MODES),
            cle("direction", "Identifiant de la direction"),
            cle("scenario", "Identifiant du scénario"),
            parametre("mes", bool, "Les miennes seulement"),
            parametre("conservee", bool, "Conservées, ou non"),
            parametre("q", str, "Mots du libellé"),
            parametre("tri", str, "Tri", TRIS),
        ],
        responses=forme(schemas.Resume)(many=True),
        tags=["simulations"],
    )
    def get(self, request: Request) -> Response:
        paginateur = Pagination()
        lues = (
            Simulation.objects.visible_par(request.user)
            .select_related("demandeur", "scenario")
            .defer("volumes_demandes", "centre_ids", "rapport")
        )
        trouvees = filtrer(lues, _criteres(request.query_params, request.user))
        page = paginateur.paginate_queryset(trouvees, request, self)
        return paginateur.get_paginated_response([_ligne(s) for s in page or []])


def _criteres(donnees: Mapping[str, Any], compte: Any) -> Criteres:
    return Criteres(
        niveau=_un_de(donnees, "niveau", Simulation.Niveau.values),
        etat=_un_de(donnees, "etat", Etat.values),
        mode=_un_de(donnees, "mode", MODES),
        direction_id=options.cle(donnees, "direction"),
        scenario_id=options.cle(donnees, "scenario"),
        demandeur_id=compte.pk if options.booleen(donnees, "mes", defaut=False) else None,
        conservee=(options.booleen(donnees, "conservee", defaut=False) if donnees.get("conservee") else None),
        libelle=str(donnees.get("q") or "")[:100].replace("\x00", ""),
        # Le nom d'avant les centièmes, que des clients donnent encore.
        tri=options.choix(donnees, "tri", TRIS, defaut=TRI_PAR_DEFAUT).replace("_dixiemes", "_centiemes"),
    )


def _un_de(donnees: Mapping[str, Any], nom: str, permis: Sequence[str]) -> str:
    """Le choix demandé, vide s'il ne l'est pas."""
    return options.choix(donnees, nom, permis, defaut="") if donnees.get(nom) else ""


def _ligne(simulation: Simulation) -> schemas.Resume:
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


class Postes(VueApi):
    pagination_class = Pagination

    @extend_schema(
        summary="Les postes d'une simulation, par pages",
        parameters=[
            cle("direction", "Postes de cette direction"),
            cle("centre", "Postes de ce centre"),
            parametre("type", str, "MOD ou MOI", ("MOD", "MOI")),
            parametre("decision", str, "Décision", DECISIONS),
        ],
        responses=forme(schemas.ResultatPoste)(many=True),
        tags=["simulations"],
    )
    def get(self, request: Request, cle: UUID) -> HttpResponse:
        simulation = lire_terminee(request.user, cle)
        return gardees.repondre(
            request, lambda: etat_de([simulation]), lambda: self._postes(request, simulation)
        )

    def _postes(self, request: Request, simulation: Simulation) -> Any:
        donnees = request.query_params
        perimetre = {f"{nom}_id": options.cle(donnees, nom) for nom in ("centre", "direction")}
        postes = postes_de(simulation, **perimetre).order_by("centre_id", "nom", "pk")
        for nom, permis in (("type", ("MOD", "MOI")), ("decision", DECISIONS)):
            if voulu := _un_de(donnees, nom, permis):
                postes = postes.filter(**{nom: voulu})
        paginateur = Pagination()
        page = paginateur.paginate_queryset(postes, request, self)
        return paginateur.get_paginated_response([_ligne_poste(poste) for poste in page or []]).data


def _ligne_poste(poste: ResultatPoste) -> schemas.ResultatPoste:
    return {
        "centre_id": poste.centre_id,
        "poste_id": poste.titre_id,
        "poste_label": poste.nom,
        "type": poste.type,
        **mesures(poste),
    }


class Rejeu(VueApi):
    @extend_schema(
        summary="Rejouer une simulation depuis ses entrées gardées",
        request=None,
        responses={202: forme(schemas.Rejeu), 409: OpenApiResponse(description="Non terminée, ou purgée")},
        tags=["simulations"],
    )
    def post(self, request: Request, cle: UUID) -> Response:
        simulation = lire_terminee(request.user, cle)
        if not perms.peut_rejouer(request.user, simulation):
            raise PermissionDenied
        rejeu = rejouer(simulation, demandeur=request.user)
        return mis_en_file(
            rejeu, message=f"Rejeu de {simulation.libelle} mis en file", adresse=ADRESSE_DE_SUIVI
        )


class Conservation(VueApi):
    @extend_schema(
        summary="Épargner une simulation de la purge, ou l'y rendre",
        request=forme(schemas.Conservation),
        responses={200: forme(schemas.Conservation), 403: OpenApiTypes.OBJECT},
        tags=["simulations"],
    )
    def post(self, request: Request, cle: UUID) -> Response:
        simulation: Simulation = get_object_or_404(
            Simulation.objects.visible_par(request.user).pour_suivi(), pk=cle
        )
        if not perms.peut_annuler(request.user, simulation):
            raise PermissionDenied
        conservee = options.booleen(options.corps(request.data), "conservee", defaut=True)
        Simulation.objects.filter(pk=cle).update(conservee=conservee)
        return Response({"conservee": conservee})
