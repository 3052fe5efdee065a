"""Pages des tirages : la liste filtrée, et la fiche d'un jour."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from euromillions.lectures.forms import FormulaireListe
from euromillions.models import Tirage
from euromillions.pages.cache import page_de_statistiques
from euromillions.pages.contexte import contexte_commun
from euromillions.pages.filtre import PARAMETRES, lire_le_formulaire
from euromillions.perms import peut_gerer_les_tirages


@page_de_statistiques(*PARAMETRES, "numbers", "stars", "source", "page")
def tirages(request: HttpRequest, *, revision: int) -> HttpResponse:
    """Liste paginée ; mêmes filtres que les statistiques, plus les boules et la source."""
    formulaire = lire_le_formulaire(request, revision, FormulaireListe)
    contexte = contexte_commun(revision) | {
        "formulaire": formulaire,
        "gere": peut_gerer_les_tirages(request.user),
    }
    if not formulaire.is_valid():
        return render(request, "euromillions/tirages.html", contexte, status=400)
    page = Paginator(formulaire.choisis(Tirage.objects.pour_la_liste()), 50).get_page(request.GET.get("page"))
    return render(request, "euromillions/tirages.html", contexte | {"page": page})


@page_de_statistiques()
def tirage(request: HttpRequest, jour: date, *, revision: int) -> HttpResponse:
    trouve = Tirage.objects.pour_la_fiche().filter(date=jour).first()
    if trouve is None:
        raise Http404(f"Aucun tirage le {jour:%d/%m/%Y}.")
    resultats = {rang.numero: rang for rang in trouve.ere.rangs.all()}
    return render(
        request,
        "euromillions/tirage.html",
        contexte_commun(revision)
        | {
            "tirage": trouve,
            "gains": [(gain, resultats.get(gain.rang)) for gain in trouve.gains.all()],
            "precedent": Tirage.objects.filter(date__lt=jour).order_by("-date").first(),
            "suivant": Tirage.objects.filter(date__gt=jour).order_by("date").first(),
            "gere": peut_gerer_les_tirages(request.user),
            "fil": [("Tirages", reverse("euromillions:tirages")), (f"{jour:%d/%m/%Y}", None)],
        },
    )
