"""Pages d'import : déposer, relire l'aperçu, confirmer, trancher les conflits. Réservées au personnel."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from euromillions.imports.conflits import ConflitRefuse, trancher
from euromillions.imports.rapport import phrase_du_resultat, pour_la_page
from euromillions.imports.service import (
    DejaApplique,
    Fichier,
    ImportSuspect,
    abandonner,
    confirmer,
    deja_applique,
    previsualiser,
)
from euromillions.imports.telechargement import telecharger
from euromillions.models import ConflitTirage, ImportTirages
from euromillions.pages.forms.imports import ConfirmationForm, FichierForm
from euromillions.perms import peut_gerer_les_tirages
from simulateur.fichiers.limites import FichierRefuse

IMPORTS_PAR_PAGE = 20
CONFLITS_PAR_PAGE = 50

Vue = Callable[..., HttpResponse]


def reservee_a_qui_gere(vue: Vue) -> Vue:
    @wraps(vue)
    def gardee(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if not peut_gerer_les_tirages(request.user):
            raise PermissionDenied
        return vue(request, *args, **options)

    return gardee


def _fil(*suite: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [("Imports de tirages", reverse("euromillions-imports:liste") if suite else None), *suite]


@require_http_methods(["GET", "HEAD", "POST"])
@reservee_a_qui_gere
def liste(request: HttpRequest) -> HttpResponse:
    """Derniers imports et dépôt d'un fichier ; le dépôt mène à son aperçu."""
    form = FichierForm(request.POST, request.FILES) if request.method == "POST" else FichierForm()
    if form.is_valid():
        depot = form.cleaned_data["fichier"]
        try:
            apercu = previsualiser(
                Fichier(depot.name, depot.read()),
                auteur=request.user,
                style_date=form.cleaned_data["style_date"],
            )
        except FichierRefuse as refus:
            form.add_error("fichier", str(refus))
        else:
            return redirect("euromillions-imports:detail", apercu.pk)
    faits = Paginator(ImportTirages.objects.defer("contenu", "rapport"), IMPORTS_PAR_PAGE)
    contexte = {
        "fil": _fil(),
        "form": form,
        "page": faits.get_page(request.GET.get("page")),
        "conflits_en_attente": ConflitTirage.objects.filter(resolution="en_attente").count(),
        "telechargement_regle": bool(settings.TIRAGES_ARCHIVE_URL),
    }
    return render(request, "euromillions/imports/liste.html", contexte, status=400 if form.errors else 200)


@require_GET
@reservee_a_qui_gere
def detail(request: HttpRequest, cle: int) -> HttpResponse:
    """Le compte rendu d'un fichier ; s'il attend, le bouton qui l'applique."""
    fait = get_object_or_404(ImportTirages.objects.defer("contenu"), pk=cle)
    en_attente = fait.lignes_en_conflit.filter(resolution="en_attente").count()
    return render(
        request,
        "euromillions/imports/detail.html",
        {
            "fil": _fil((fait.nom_fichier, None)),
            "import": fait,
            "rapport": pour_la_page(fait.rapport),
            "form": ConfirmationForm(),
            "conflits_en_attente": en_attente,
        },
    )


@require_POST
@reservee_a_qui_gere
def confirmer_import(request: HttpRequest, cle: int) -> HttpResponse:
    apercu = get_object_or_404(ImportTirages, pk=cle)
    form = ConfirmationForm(request.POST)
    malgre_soupcon = form.is_valid() and form.cleaned_data["malgre_soupcon"]
    try:
        fait = confirmer(apercu, auteur=request.user, malgre_soupcon=malgre_soupcon)
    except (FichierRefuse, ImportSuspect, DejaApplique) as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, phrase_du_resultat(fait))
    return redirect("euromillions-imports:detail", cle)


@require_POST
@reservee_a_qui_gere
def abandonner_import(request: HttpRequest, cle: int) -> HttpResponse:
    if abandonner(cle):
        messages.success(request, "Aperçu abandonné : rien n'a été importé.")
    else:
        messages.error(request, "Cet import n'est plus un aperçu : il a été appliqué ou déjà abandonné.")
    return redirect("euromillions-imports:liste")


@require_POST
@reservee_a_qui_gere
def telecharger_archive(request: HttpRequest) -> HttpResponse:
    """Prend l'archive réglée et mène à son aperçu : rien n'est importé sans confirmation."""
    try:
        fichier = telecharger()
        if deja_applique(fichier):
            messages.info(request, "Archive inchangée depuis le dernier import.")
            return redirect("euromillions-imports:liste")
        apercu = previsualiser(fichier, auteur=request.user)
    except FichierRefuse as refus:
        messages.error(request, str(refus))
        return redirect("euromillions-imports:liste")
    return redirect("euromillions-imports:detail", apercu.pk)


@require_GET
@reservee_a_qui_gere
def conflits(request: HttpRequest) -> HttpResponse:
    """Conflits en attente, puis les décisions déjà prises."""
    lignes = ConflitTirage.objects.select_related("tirage", "import_tirages", "resolu_par").defer(
        "import_tirages__contenu", "import_tirages__rapport"
    )
    decides = lignes.exclude(resolution="en_attente").order_by("-resolu_le")[:CONFLITS_PAR_PAGE]
    page = Paginator(lignes.filter(resolution="en_attente"), CONFLITS_PAR_PAGE).get_page(
        request.GET.get("page")
    )
    contexte = {"fil": _fil(("Conflits", None)), "page": page, "decides": decides}
    return render(request, "euromillions/imports/conflits.html", contexte)


@require_POST
@reservee_a_qui_gere
def trancher_conflit(request: HttpRequest, cle: int) -> HttpResponse:
    conflit = get_object_or_404(ConflitTirage, pk=cle)
    try:
        phrase = trancher(conflit, decision=request.POST.get("decision", ""), auteur=request.user)
    except ConflitRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, phrase)
    return redirect("euromillions-imports:conflits")
