"""La page des partages d'une simulation : avec qui elle l'est, l'ajouter, la reprendre."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from simulateur.web.refus import SaisieRefusee
from simulations import perms
from simulations.models import Simulation
from simulations.pages.suivi import fil_d_ariane, lire_simulation
from simulations.resultats.partages import partager, reprendre


def _la_sienne(request: HttpRequest, cle: UUID) -> Simulation:
    lue = lire_simulation(request, cle)
    if not perms.peut_partager(request.user, lue):
        raise PermissionDenied("Seuls son demandeur et l'équipe partagent une simulation.")
    return lue


@require_http_methods(["GET", "HEAD", "POST"])
def partages(request: HttpRequest, cle: UUID) -> HttpResponse:
    lue = _la_sienne(request, cle)
    erreurs: list[str] = []
    if request.method == "POST":
        noms = {nom: request.POST.get(nom, "").strip()[:150] for nom in ("compte", "groupe")}
        try:
            partage = partager(lue, **noms, par=request.user)
        except SaisieRefusee as refus:
            erreurs = list(refus.phrases)
        else:
            messages.success(request, f"Simulation partagée : {partage}.")
            return redirect("simulations:partages", lue.pk)
    contexte = {
        "simulation": lue,
        "partages": lue.partages.select_related("compte", "groupe", "par"),
        "erreurs": erreurs,
        "saisie": request.POST,
        "fil": fil_d_ariane(lue, ("Partages", None)),
    }
    statut = 400 if erreurs else 200
    return render(request, "simulations/partages.html", contexte, status=statut)


@require_POST
def reprise(request: HttpRequest, cle: UUID, pk: int) -> HttpResponse:
    lue = _la_sienne(request, cle)
    if reprendre(lue, pk):
        messages.success(request, "Partage retiré.")
    else:
        messages.warning(request, "Ce partage n'y était plus.")
    return redirect("simulations:partages", lue.pk)
