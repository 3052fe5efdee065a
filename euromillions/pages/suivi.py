"""Pages du suivi : performance et rapports de la semaine."""

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from euromillions.grilles.chronometrage import JOURS_MAX
from euromillions.models import RapportHebdomadaire, Strategie
from euromillions.pages.contexte import contexte_commun
from euromillions.precision.performance import JOURS_PAR_DEFAUT, bilan

ETATS_DU_CACHE = {
    "connected": "connecté",
    "database": "dans la base de données",
    "unavailable": "ne répond pas",
}
PERIODES = (1, 7, 30, 90, JOURS_MAX)


@require_safe
def performance(request: HttpRequest) -> HttpResponse:
    """Une période de la liste ; toute autre valeur montre la période par défaut."""
    jours = next((p for p in PERIODES if str(p) == request.GET.get("days")), JOURS_PAR_DEFAUT)
    mesure = bilan(jours)
    contexte = contexte_commun() | {
        "bilan": mesure,
        "jours": jours,
        "periodes": PERIODES,
        "par_strategie": [
            (Strategie(nom).label, nombre)
            for nom, nombre in mesure["performance_summary"]["strategies_used"].items()
        ],
        "etat_du_cache": ETATS_DU_CACHE[mesure["cache_performance"]["cache_status"]],
    }
    return render(request, "euromillions/grilles/performance.html", contexte)


@require_safe
def rapports(request: HttpRequest) -> HttpResponse:
    page = Paginator(RapportHebdomadaire.objects.all(), 52).get_page(request.GET.get("page"))
    return render(request, "euromillions/grilles/rapports.html", contexte_commun() | {"page": page})


@require_safe
def rapport(request: HttpRequest, jour: date) -> HttpResponse:
    return render(request, "euromillions/grilles/rapport.html", _contexte(jour))


@require_safe
def rapport_imprimable(request: HttpRequest, jour: date) -> HttpResponse:
    """Le même rapport sur une page nue, à imprimer ou à joindre."""
    return render(request, "euromillions/grilles/rapport_imprimable.html", _contexte(jour))


def _contexte(jour: date) -> dict[str, object]:
    lu = get_object_or_404(RapportHebdomadaire, lundi=jour)
    return contexte_commun() | {
        "rapport": lu,
        "c": lu.contenu,
        "fil": [("Rapports", reverse("euromillions:rapports")), (str(lu), None)],
    }
