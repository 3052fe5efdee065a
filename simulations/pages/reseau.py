"""Pages du réseau : les directions, et un centre tel que le référentiel le décrit aujourd'hui."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from referentiels.models import Centre, Direction
from simulateur.pages import gardees
from simulations.models import Simulation
from simulations.pages import etats, lecture


@require_safe
@gardees.page(etats.directions)
def directions(request: HttpRequest) -> HttpResponse:
    """Les directions, et la dernière simulation terminée de chacune."""
    lignes = lecture.directions()
    dernieres = {
        simulation.direction_id: simulation
        for simulation in Simulation.objects.dernieres_par_direction(Direction.objects.all())
    }
    for ligne in lignes:
        ligne["derniere"] = dernieres.get(ligne["id"])
    contexte = {
        "directions": lignes,
        "nb_centres": sum(ligne["nb_centres"] for ligne in lignes),
        "effectif": sum(ligne["effectif_actuel"] for ligne in lignes),
        "fictives": any(ligne["fictive"] for ligne in lignes),
    }
    return render(request, "simulations/directions.html", contexte)


@require_safe
@gardees.page(etats.centre)
def centre(request: HttpRequest, centre_id: int) -> HttpResponse:
    try:
        lu = lecture.centre(centre_id)
    except Centre.DoesNotExist:
        raise Http404 from None
    contexte = {
        "centre": lu,
        "effectif": sum(poste["effectif_actuel"] for poste in lu["postes"]),
        "nb_taches": sum(len(poste["taches"]) for poste in lu["postes"]),
        "total_volumes": sum(ligne["volume"] for ligne in lu["volumes"]),
        "fil": [
            ("Directions", reverse("simulations:directions")),
            (lu["direction_nom"], reverse("simulations:direction", args=[lu["direction_id"]])),
            (lu["nom"], None),
        ],
    }
    return render(request, "simulations/centre.html", contexte)
