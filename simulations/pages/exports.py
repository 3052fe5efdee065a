"""Pages des exports : les demander, les suivre, les prendre."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from simulateur.models import Etat
from simulateur.web.refus import Refus, SaisieRefusee
from simulations.api.exports import fichier as en_reponse
from simulations.exports import services
from simulations.models import ContenuExport, Export
from simulations.pages.suivi import lire_simulation


@require_POST
def demander(request: HttpRequest, cle: UUID) -> HttpResponse:
    simulation = lire_simulation(request, cle)
    try:
        format_, ecriture = services.lire_options(request.POST)
        export = services.demander(simulation, format_=format_, ecriture=ecriture, demandeur=request.user)
    except SaisieRefusee as erreur:
        messages.error(request, " ".join(erreur.phrases))
        return redirect(simulation)
    except Refus as refus:
        messages.warning(request, str(refus))
        return redirect(simulation)
    return redirect(export)


@require_safe
def export(request: HttpRequest, cle: UUID) -> HttpResponse:
    lu = _lire(request, cle)
    return render(request, "simulations/export.html", _contexte(lu))


@require_safe
def suivi(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Fragment de progression."""
    reponse = render(request, "composants/progression.html", _contexte(_lire(request, cle)))
    reponse["Cache-Control"] = "no-store"
    return reponse


@require_safe
def telecharger(request: HttpRequest, cle: UUID) -> HttpResponse:
    lu = _lire(request, cle)
    contenu = ContenuExport.objects.filter(export=lu).first()
    if lu.etat != Etat.TERMINEE or contenu is None:
        messages.warning(request, "Ce fichier n'est pas prêt.")
        return redirect(lu)
    return en_reponse(lu.nom_fichier, lu.format, bytes(contenu.octets))


def _lire(request: HttpRequest, cle: UUID) -> Export:
    lu: Export = get_object_or_404(Export.objects.select_related("simulation"), pk=cle)
    if not services.peut_telecharger(request.user, lu):
        raise PermissionDenied
    return lu


def _contexte(lu: Export) -> dict[str, object]:
    return {
        "export": lu,
        "travail": lu,
        "libelle": lu.nom_fichier,
        "adresse_suivi": reverse("simulations:export-suivi", args=[lu.pk]),
        "adresse_resultat": reverse("simulations:export-fichier", args=[lu.pk]),
        "fil": [("Simulations", reverse("simulations:liste")), (lu.nom_fichier, None)],
    }
