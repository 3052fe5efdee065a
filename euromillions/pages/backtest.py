"""Pages du backtest : lancer, suivre, lire les mesures et leur figure."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from euromillions.grilles import relance
from euromillions.models import Backtest
from euromillions.pages.contexte import contexte_commun
from euromillions.pages.graphiques import precision as graphiques
from euromillions.perms import peut_annuler_la_generation, peut_relancer_la_generation
from euromillions.precision import exports
from euromillions.precision.backtest import NOMS, VERSION, lancer, resultats_ranges
from euromillions.precision.forms import FormulaireBacktest
from simulateur.fichiers.tableaux import FORMATS
from simulateur.models import Etat
from simulateur.pages.travaux import Suivi
from simulateur.travaux import machine
from simulateur.web.piece_jointe import en_piece_jointe
from simulateur.web.refus import Refus, refus_en_message

PAR_PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def backtests(request: HttpRequest) -> HttpResponse:
    formulaire = FormulaireBacktest(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            return redirect(lancer(**formulaire.parametres, demandeur=request.user))
        except Refus as refus:
            formulaire.add_error(None, str(refus))
    lignes = Backtest.objects.select_related("demandeur").defer("resultats").order_by("-cree_le")
    contexte = contexte_commun() | {
        "form": formulaire,
        "page": Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page")),
    }
    code = 400 if request.method == "POST" else 200
    return render(request, "euromillions/grilles/backtests.html", contexte, status=code)


@require_safe
def backtest(request: HttpRequest, cle: UUID) -> HttpResponse:
    lu = get_object_or_404(Backtest.objects.select_related("demandeur"), pk=cle)
    contexte = {
        **contexte_commun(),
        **_suivi(request, lu).en_contexte(),
        "backtest": lu,
        "relancable": relance.relancable(lu) and peut_relancer_la_generation(request.user, lu),
        "fil": [("Backtest", reverse("euromillions:backtests")), (str(lu), None)],
    }
    if lu.etat == Etat.TERMINEE:
        resultats = resultats_ranges(lu)
        contexte |= {
            "lignes": _lignes(resultats["strategies"]),
            "score": resultats.get("score"),
            "references": _lignes(resultats["references"]),
            "figure": graphiques.backtest_par_annee(resultats["par_annee"], NOMS),
            "ancienne_methode": lu.version_moteur != VERSION,
            "perime": lu.revision != contexte["revision"],
            "demo": contexte["demo"] or lu.fictif,
        }
    return render(request, "euromillions/grilles/backtest.html", contexte)


@require_safe
def suivi(request: HttpRequest, cle: UUID) -> HttpResponse:
    lu = get_object_or_404(Backtest.objects.defer("resultats"), pk=cle)
    return _suivi(request, lu).repondre(request)


@require_safe
def exporter(request: HttpRequest, cle: UUID, format: str) -> HttpResponse:
    """Un backtest terminé, en fichier ; 404 tant qu'il ne l'est pas."""
    lu = get_object_or_404(Backtest, pk=cle, etat=Etat.TERMINEE)
    if format not in FORMATS:
        raise Http404
    return en_piece_jointe(exports.backtest(lu, format))


@require_POST
def annuler(request: HttpRequest, cle: UUID) -> HttpResponse:
    lu = get_object_or_404(Backtest.objects.defer("resultats"), pk=cle)
    if not peut_annuler_la_generation(request.user, lu):
        raise PermissionDenied
    machine.annuler(lu)
    return redirect(lu)


@require_POST
@refus_en_message("euromillions:backtest")
def relancer(request: HttpRequest, cle: UUID) -> HttpResponse:
    lu = get_object_or_404(Backtest.objects.defer("resultats"), pk=cle)
    if not peut_relancer_la_generation(request.user, lu):
        raise PermissionDenied
    relance.relancer(lu)
    messages.success(request, "Backtest remis en file.")
    return redirect(lu)


def _lignes(mesures: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [{"strategy": nom, "name": NOMS[nom], **mesure} for nom, mesure in mesures.items()]


def _suivi(request: HttpRequest, lu: Backtest) -> Suivi:
    annulable = not lu.est_fini and peut_annuler_la_generation(request.user, lu)
    return Suivi(
        travail=lu,
        libelle=str(lu),
        adresse_suivi=reverse("euromillions:backtest-suivi", args=[lu.pk]),
        adresse_annulation=reverse("euromillions:backtest-annuler", args=[lu.pk]) if annulable else "",
        adresse_resultat=lu.get_absolute_url(),
    )
