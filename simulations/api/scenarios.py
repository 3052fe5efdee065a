"""API des scénarios."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from referentiels.perms import etendue_de
from simulateur.api import versions
from simulateur.api.conventions import Pagination
from simulateur.api.formes import forme
from simulateur.api.travaux import mis_en_file
from simulateur.api.vues import VueApi
from simulateur.cache.versions import vue
from simulateur.web.refus import Refus
from simulations import perms
from simulations.api import schemas
from simulations.api.documentation import ADRESSE_DE_SUIVI, parametre
from simulations.api.lancement import cle_d_idempotence
from simulations.demandes import options
from simulations.demandes.cibles import cible
from simulations.models import Scenario
from simulations.scenarios import services

FIGE = OpenApiResponse(description="Scénario validé : il ne change plus")
REFUSE = OpenApiResponse(description="Champ fautif, nommé")


def _forme(scenario: Scenario) -> schemas.Scenario:
    compte = getattr(scenario, "nb_simulations", None)
    return {
        "id": scenario.pk,
        "nom": scenario.nom,
        "description": scenario.description,
        "etat": scenario.etat,
        "proprietaire": scenario.proprietaire.get_username() if scenario.proprietaire else None,
        "parent_id": scenario.parent_id,
        "annee": scenario.annee,
        "parametres": scenario.parametres,
        "volumes": scenario.volumes,
        "nb_simulations": scenario.simulations.count() if compte is None else compte,
        "cree_le": scenario.cree_le.isoformat(),
        "modifie_le": scenario.modifie_le.isoformat(),
        "valide_le": scenario.valide_le.isoformat() if scenario.valide_le else None,
        "valide_par": scenario.valide_par.get_username() if scenario.valide_par else None,
    }


def _lire(request: Request, pk: int) -> Scenario:
    """404 s'il n'existe pas, ou n'est pas vu de ce compte."""
    visibles = Scenario.objects.pour_liste(request.user).select_related("valide_par")
    scenario: Scenario = get_object_or_404(visibles, pk=pk)
    return scenario


def _reponse(scenario: Scenario, **options: Any) -> Response:
    """L'étiquette est celle de la ligne rendue : relue, elle pourrait être plus neuve que le corps."""
    return Response(_forme(scenario), headers=versions.en_tete(vue(scenario)), **options)


def _corps(request: Request) -> dict[str, Any]:
    recu = options.corps(request.data)
    return {nom: recu[nom] for nom in recu}


class Liste(VueApi):
    pagination_class = Pagination
    corps_juge = False

    @extend_schema(
        summary="Les scénarios, par pages",
        parameters=[
            parametre("etat", str, "État", tuple(Scenario.Etat.values)),
            parametre("mes", bool, "Les miens seulement"),
            parametre("q", str, "Mots du nom"),
        ],
        responses=forme(schemas.Scenario)(many=True),
        tags=["scénarios"],
    )
    def get(self, request: Request) -> Response:
        donnees = request.query_params
        lus = (
            Scenario.objects.pour_liste(request.user)
            .select_related("valide_par")
            .order_by("-modifie_le", "pk")
        )
        if donnees.get("etat"):
            lus = lus.filter(etat=options.choix(donnees, "etat", Scenario.Etat.values, defaut=""))
        if options.booleen(donnees, "mes", defaut=False):
            lus = lus.filter(proprietaire=request.user.pk)
        if donnees.get("q"):
            lus = lus.filter(nom__icontains=str(donnees["q"])[:100].replace("\x00", ""))
        paginateur = Pagination()
        page = paginateur.paginate_queryset(lus, request, self)
        return paginateur.get_paginated_response([_forme(scenario) for scenario in page or []])

    @extend_schema(
        summary="Créer un scénario",
        request=forme(schemas.ScenarioEcrit),
        responses={201: forme(schemas.Scenario), 400: REFUSE},
        tags=["scénarios"],
    )
    def post(self, request: Request) -> Response:
        if not perms.peut_creer_scenario(request.user):
            raise PermissionDenied
        scenario = services.creer(_corps(request), proprietaire=request.user)
        return _reponse(_lire(request, scenario.pk), status=status.HTTP_201_CREATED)


class Detail(VueApi):
    versionnee = True
    corps_juge = False

    @extend_schema(summary="Un scénario", responses=forme(schemas.Scenario), tags=["scénarios"])
    def get(self, request: Request, pk: int) -> Response:
        return _reponse(_lire(request, pk))

    @extend_schema(
        summary="Changer les champs donnés d'un brouillon",
        request=forme(schemas.ScenarioEcrit),
        responses={200: forme(schemas.Scenario), 400: REFUSE, 409: FIGE, 412: versions.CHANGEE},
        tags=["scénarios"],
    )
    def patch(self, request: Request, pk: int) -> Response:
        scenario = self._a_changer(request, pk)
        with versions.traduire(request):
            version = versions.attendue(request, scenario)
            return _reponse(services.modifier(scenario, _corps(request), version=version, par=request.user))

    @extend_schema(
        summary="Supprimer un brouillon ; ses simulations en cours sont annulées",
        responses={204: None, 409: FIGE, 412: versions.CHANGEE},
        tags=["scénarios"],
    )
    def delete(self, request: Request, pk: int) -> Response:
        scenario = self._a_changer(request, pk)
        with versions.traduire(request):
            services.supprimer(scenario, version=versions.attendue(request, scenario))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _a_changer(self, request: Request, pk: int) -> Scenario:
        scenario = _lire(request, pk)
        if not perms.peut_changer_scenario(request.user, scenario):
            raise PermissionDenied
        return scenario


class Duplication(VueApi):
    @extend_schema(
        summary="Copier un scénario",
        request=forme(schemas.Duplication),
        responses={201: forme(schemas.Scenario), 400: REFUSE},
        tags=["scénarios"],
    )
    def post(self, request: Request, pk: int) -> Response:
        scenario = _lire(request, pk)
        if not perms.peut_dupliquer_scenario(request.user, scenario):
            raise PermissionDenied
        nom = services.lire_nom(_corps(request), obligatoire=False)
        copie = services.dupliquer(scenario, proprietaire=request.user, nom=nom)
        return _reponse(_lire(request, copie.pk), status=status.HTTP_201_CREATED)


class Validation(VueApi):
    @extend_schema(
        summary="Valider un scénario : il ne changera plus",
        request=None,
        responses={200: forme(schemas.Scenario), 409: FIGE, 412: versions.CHANGEE},
        tags=["scénarios"],
    )
    def post(self, request: Request, pk: int) -> Response:
        scenario = _lire(request, pk)
        if not perms.peut_changer_scenario(request.user, scenario):
            raise PermissionDenied
        with versions.traduire(request):
            version = versions.attendue(request, scenario)
            if not services.valider(scenario, par=request.user, version=version):
                raise Refus("Ce scénario est déjà validé.")
        return _reponse(scenario)


class Simuler(VueApi):
    @extend_schema(
        summary="Simuler un scénario : une direction, un lot de centres, ou le pays sans cible",
        request=forme(schemas.Cible),
        responses={202: forme(schemas.LancementSimulation), 400: REFUSE},
        tags=["scénarios"],
    )
    def post(self, request: Request, pk: int) -> Response:
        scenario = _lire(request, pk)
        if not perms.peut_simuler_scenario(request.user, scenario):
            raise PermissionDenied
        try:
            simulation = services.simuler(
                scenario,
                demandeur=request.user,
                cle=cle_d_idempotence(request),
                **cible(_corps(request), etendue_de(request.user)),
            )
        except Scenario.DoesNotExist:
            raise Refus("Ce scénario vient d'être supprimé.") from None
        message = f"{scenario.nom} sur {simulation.libelle} : mis en file"
        return mis_en_file(simulation, message=message, adresse=ADRESSE_DE_SUIVI)
