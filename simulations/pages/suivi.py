"""Suivi d'une simulation et actions sur elle : annuler, relancer, rejouer, conserver."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from simulateur.pages import travaux
from simulateur.pages.travaux import Suivi
from simulateur.travaux import machine
from simulateur.web.refus import refus_en_message
from simulations import perms
from simulations.calculs.rejeu import rejouer
from simulations.models import Simulation
from simulations.pages import presentation


def lire_simulation(request: HttpRequest, cle: UUID) -> Simulation:
    """404 si elle n'existe pas ou ne regarde pas cette personne."""
    visibles = Simulation.objects.visible_par(request.user)
    simulation: Simulation = get_object_or_404(visibles.pour_page(), pk=cle)
    return simulation


@require_safe
def suivi(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Fragment de progression, redemandé chaque seconde tant que la simulation vit."""
    return suivi_de(request, lire_simulation(request, cle)).repondre(request)


@require_POST
def annuler(request: HttpRequest, cle: UUID) -> HttpResponse:
    lue = lire_simulation(request, cle)
    if not perms.peut_annuler(request.user, lue):
        raise PermissionDenied
    travaux.annuler(
        request,
        lue,
        nom="la simulation",
        annulee="Simulation annulée avant d'avoir commencé.",
        demandee="Annulation demandée : l'ouvrier s'arrête.",
    )
    return _retour(request, lue)


@require_POST
@refus_en_message("simulations:simulation")
def rejeu(request: HttpRequest, cle: UUID) -> HttpResponse:
    lue = lire_simulation(request, cle)
    if not perms.peut_rejouer(request.user, lue):
        raise PermissionDenied
    return redirect(rejouer(lue, demandeur=request.user))


@require_POST
def conserver(request: HttpRequest, cle: UUID) -> HttpResponse:
    lue = lire_simulation(request, cle)
    if not perms.peut_annuler(request.user, lue):
        messages.warning(request, "Seuls son demandeur et l'équipe décident de conserver une simulation.")
        return redirect(lue)
    conservee = request.POST.get("conservee") != "0"
    Simulation.objects.filter(pk=lue.pk).update(conservee=conservee)
    phrase = "La purge épargnera cette simulation." if conservee else "La purge pourra l'enlever."
    messages.success(request, phrase)
    return redirect(lue)


@require_POST
def relancer(request: HttpRequest, cle: UUID) -> HttpResponse:
    lue = lire_simulation(request, cle)
    if not perms.peut_relancer(request.user, lue):
        raise PermissionDenied
    if machine.relancer(lue):
        messages.success(request, "Simulation remise en file.")
    else:
        lue.refresh_from_db(fields=["etat"])
        etat = lue.get_etat_display().lower()
        messages.warning(request, f"Rien à relancer : la simulation est « {etat} ».")
    return _retour(request, lue)


def _retour(request: HttpRequest, lue: Simulation) -> HttpResponse:
    return redirect("simulations:liste") if request.POST.get("retour") == "liste" else redirect(lue)


def suivi_de(request: HttpRequest, lue: Simulation) -> Suivi:
    annulable = not lue.est_fini and perms.peut_annuler(request.user, lue)
    return Suivi(
        travail=lue,
        libelle=lue.libelle,
        adresse_suivi=reverse("simulations:suivi", args=[lue.pk]),
        adresse_annulation=reverse("simulations:annuler", args=[lue.pk]) if annulable else "",
        adresse_resultat=lue.get_absolute_url(),
    )


def adresse_de_reprise(lue: Simulation) -> str:
    """Le formulaire de lancement, rempli des paramètres de cette simulation."""
    depuis = f"?depuis={lue.pk}"
    if lue.niveau == Simulation.Niveau.DIRECTION and lue.direction_id:
        return reverse("simulations:direction", args=[lue.direction_id]) + depuis
    if lue.niveau == Simulation.Niveau.NATIONAL:
        return reverse("simulations:nationale") + depuis
    if lue.niveau == Simulation.Niveau.BATCH:
        return reverse("simulations:lot") + depuis + "".join(f"&centres={pk}" for pk in lue.centre_ids)
    return ""


def fil_d_ariane(lue: Simulation, *suite: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """Directions › la direction (ou Simulations) › la simulation › `suite`."""
    debut: list[tuple[str, str | None]] = [("Simulations", reverse("simulations:liste"))]
    if lue.niveau == Simulation.Niveau.DIRECTION and lue.direction_id:
        debut = [
            ("Directions", reverse("simulations:directions")),
            (lue.libelle, reverse("simulations:direction", args=[lue.direction_id])),
        ]
    nom = f"Simulation du {presentation.date_et_heure(lue.cree_le)}"
    return [*debut, (nom, lue.get_absolute_url() if suite else None), *suite]
