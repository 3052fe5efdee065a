"""Pages du réseau : les directions, et un centre tel que le référentiel le décrit aujourd'hui."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from referentiels.models import Centre, Direction, VolumeAnnuel
from referentiels.perms import etendue_de
from simulateur.pages import gardees
from simulations.models import Simulation
from simulations.pages import etats, lecture


@require_safe
@gardees.page(etats.directions)
def directions(request: HttpRequest) -> HttpResponse:
    """Les directions, et la dernière simulation terminée de chacune."""
    lignes = lecture.directions(etendue_de(request.user))
    dernieres = {
        simulation.direction_id: simulation
        for simulation in Simulation.objects.visible_par(request.user).dernieres_par_direction(
            Direction.objects.visible_par(request.user)
        )
    }
    for ligne in lignes:
        ligne["derniere"] = dernieres.get(ligne["id"])
    contexte = {
        "directions": lignes,
        "nb_centres": sum(ligne["nb_centres"] for ligne in lignes),
        "effectif": sum(ligne["effectif_actuel"] for ligne in lignes),
        "fictives": any(ligne["fictive"] for ligne in lignes),
        "voit_le_pays": etendue_de(request.user).pays,
    }
    return render(request, "simulations/directions.html", contexte)


@require_safe
@gardees.page(etats.centre)
def centre(request: HttpRequest, centre_id: int) -> HttpResponse:
    try:
        lu = lecture.centre(centre_id, etendue_de(request.user))
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


@require_safe
@gardees.page(etats.centre)
def volumes(request: HttpRequest, centre_id: int) -> HttpResponse:
    """Tous les volumes annuels d'un centre : une ligne par cellule, une colonne par année."""
    lu = get_object_or_404(Centre.objects.visible_par(request.user).select_related("direction"), pk=centre_id)
    lignes = VolumeAnnuel.objects.filter(centre=lu).order_by("cellule__ordre", "cellule__code")
    valeurs = lignes.values_list("cellule__code", "cellule__flux__code", "annee", "volume")
    annees = sorted({annee for _, _, annee, _ in valeurs}, reverse=True)
    cellules: dict[tuple[str, str], dict[int, float]] = {}
    for code, flux, annee, volume in valeurs:
        cellules.setdefault((code, flux or ""), {})[annee] = volume
    contexte = {
        "centre": lu,
        "annees": annees,
        "cellules": [
            {"code": code, "flux": flux, "volumes": [par_annee.get(annee) for annee in annees]}
            for (code, flux), par_annee in cellules.items()
        ],
        "totaux": [sum(par_annee.get(annee, 0) for par_annee in cellules.values()) for annee in annees],
        "fil": [
            ("Directions", reverse("simulations:directions")),
            (lu.direction.nom, reverse("simulations:direction", args=[lu.direction_id])),
            (lu.nom, reverse("simulations:centre", args=[lu.pk])),
            ("Volumes", None),
        ],
    }
    return render(request, "simulations/centre_volumes.html", contexte)
