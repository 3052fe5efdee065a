"""Sous une simulation : les postes d'un centre, puis les tâches d'un poste, relues de l'instantané."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from simulateur.pages import gardees
from simulations import perms
from simulations.calculs.relecture import relire_direction
from simulations.models import PartSimulation, ResultatCentre, ResultatPoste, Simulation
from simulations.moteur.mesures import Sommes
from simulations.pages import presentation
from simulations.pages.suivi import fil_d_ariane
from simulations.resultats.etat import etat_de
from simulations.resultats.pont import pont_en_mots

VOLUMES_PAR_PAGE = 200


def _avec_simulation(lignes: Any) -> "QuerySet[Any]":
    jointes: QuerySet[Any] = lignes.select_related("simulation__scenario", "simulation__demandeur").defer(
        *("simulation__volumes_demandes", "simulation__centre_ids", "simulation__rapport"),
        *("simulation__scenario__parametres", "simulation__scenario__volumes"),
    )
    return jointes


def _avec_centre(postes: "QuerySet[Any]") -> "QuerySet[Any]":
    """Ajoute `direction_id` et `nom_du_centre`, lus de la ligne du centre."""
    centre = ResultatCentre.objects.filter(
        simulation_id=OuterRef("simulation_id"), centre_id=OuterRef("centre_id")
    )
    return postes.annotate(
        direction_id=Subquery(centre.values("direction_id")[:1]),
        nom_du_centre=Subquery(centre.values("nom")[:1]),
    )


@require_safe
def centre(request: HttpRequest, cle: UUID, centre_id: int) -> HttpResponse:
    """Les postes d'un centre dans cette simulation."""
    du_centre = {"simulation_id": cle, "centre_id": centre_id}
    visibles = perms.lignes_visibles(ResultatCentre.objects, request.user)
    ligne = get_object_or_404(_avec_simulation(visibles), **du_centre)
    return gardees.servir(request, lambda: etat_de([ligne.simulation]), lambda: _centre(request, ligne))


def _centre(request: HttpRequest, ligne: ResultatCentre) -> HttpResponse:
    postes = list(ligne.simulation.postes.filter(centre_id=ligne.centre_id).order_by("type", "nom"))
    graphique, note = presentation.graphique_des_lignes(postes, axe="Poste")
    contexte = {
        "simulation": ligne.simulation,
        "centre": ligne,
        "pont": _pont(ligne),
        "postes": postes,
        "graphique": graphique,
        "note_graphique": note,
        "fil": fil_d_ariane(ligne.simulation, (ligne.nom, None)),
    }
    return render(request, "simulations/resultat_centre.html", contexte)


@require_safe
def poste(request: HttpRequest, cle: UUID, centre_id: int, titre_id: int) -> HttpResponse:
    """D'où vient le chiffre d'un poste : chacune de ses tâches, avec sa formule en mots."""
    visibles = perms.lignes_visibles(ResultatPoste.objects, request.user)
    ligne = get_object_or_404(
        _avec_centre(_avec_simulation(visibles)),
        simulation_id=cle,
        centre_id=centre_id,
        titre_id=titre_id,
    )
    return gardees.servir(request, lambda: etat_de([ligne.simulation]), lambda: _poste(request, ligne))


def _poste(request: HttpRequest, ligne: Any) -> HttpResponse:
    try:
        relue = relire_direction(ligne.simulation, ligne.direction_id)
    except PartSimulation.DoesNotExist:
        raise Http404 from None
    taches = relue.detail(ligne.centre_id, ligne.titre_id)
    nom_du_centre = ligne.nom_du_centre
    cle = ligne.simulation_id
    adresse_centre = reverse("simulations:resultat-centre", args=[cle, ligne.centre_id])
    contexte = {
        "simulation": ligne.simulation,
        "poste": ligne,
        "pont": _pont(ligne),
        "nom_du_centre": nom_du_centre,
        "taches": taches,
        "formule_etp": relue.formule_etp(ligne.centre_id, ligne.titre_id, ligne.heures_pico),
        "fil": fil_d_ariane(ligne.simulation, (nom_du_centre, adresse_centre), (ligne.nom, None)),
    }
    return render(request, "simulations/resultat_poste.html", contexte)


def _pont(ligne: Any) -> str:
    return pont_en_mots(Sommes.de(ligne).en_bref(), ligne.simulation.jeu_de_parametres.arrondi)


@require_safe
def volumes(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Les volumes saisis avec la demande, à la place de ceux du référentiel."""
    visibles = Simulation.objects.visible_par(request.user)
    lue: Simulation = get_object_or_404(visibles.select_related("direction"), pk=cle)
    page = Paginator(lue.volumes_demandes, VOLUMES_PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "simulation": lue,
        "page": page,
        "lignes": presentation.volumes_en_lignes(list(page.object_list)),
        "fil": fil_d_ariane(lue, ("Volumes saisis", None)),
    }
    return render(request, "simulations/volumes.html", contexte)
