"""Pages des exports : les demander, les suivre, les prendre."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from simulateur.models import Etat
from simulateur.pages.travaux import Suivi
from simulateur.web.piece_jointe import en_piece_jointe
from simulateur.web.refus import refus_en_message
from simulations.exports import services
from simulations.models import ContenuExport, Export
from simulations.pages.suivi import lire_simulation
from simulations.perms import exports_visibles


@require_POST
@refus_en_message("simulations:simulation")
def demander(request: HttpRequest, cle: UUID) -> HttpResponse:
    simulation = lire_simulation(request, cle)
    format_, ecriture = services.lire_options(request.POST)
    return redirect(services.demander(simulation, format_=format_, ecriture=ecriture, demandeur=request.user))


@require_safe
def export(request: HttpRequest, cle: UUID) -> HttpResponse:
    lu = _lire(request, cle)
    contexte = {
        **_suivi(lu).en_contexte(),
        "export": lu,
        "fil": [("Simulations", reverse("simulations:liste")), (lu.nom_fichier, None)],
    }
    return render(request, "simulations/export.html", contexte)


@require_safe
def suivi(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Fragment de progression."""
    return _suivi(_lire(request, cle)).repondre(request)


@require_safe
def telecharger(request: HttpRequest, cle: UUID) -> HttpResponse:
    lu = _lire(request, cle)
    contenu = ContenuExport.objects.filter(export=lu).first()
    if lu.etat != Etat.TERMINEE or contenu is None:
        messages.warning(request, "Ce fichier n'est pas prêt.")
        return redirect(lu)
    return en_piece_jointe(services.fichier(lu.nom_fichier, lu.format, contenu.octets))


def _lire(request: HttpRequest, cle: UUID) -> Export:
    lu: Export = get_object_or_404(exports_visibles(request.user).select_related("simulation"), pk=cle)
    return lu


def _suivi(lu: Export) -> Suivi:
    return Suivi(
        travail=lu,
        libelle=lu.nom_fichier,
        adresse_suivi=reverse("simulations:export-suivi", args=[lu.pk]),
        adresse_resultat=reverse("simulations:export-fichier", args=[lu.pk]),
        suite=False,
    )
