"""Pages EuroMillions : statistiques, tirages, chances et gains."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from euromillions.jeu import calendrier
from euromillions.lectures import chiffres as lectures
from euromillions.lectures.filters import Filtre, FormulaireFiltre, FormulaireListe
from euromillions.lectures.pages_en_cache import page_de_statistiques
from euromillions.models import Ere, Tirage
from euromillions.pages import graphiques
from euromillions.perms import peut_gerer_les_tirages
from simulateur.cache.donnees import Lecture

PARAMETRES = ("year", "month", "date_from", "date_to", "era", "weekday")
DERNIERS_TIRAGES = 8
NOTE_RESERVES = "L'attendu baisse pour les étoiles entrées plus tard dans l'urne."
Preparer = Callable[[dict[str, Any]], dict[str, Any]]


@page_de_statistiques()
def accueil(request: HttpRequest, *, revision: int) -> HttpResponse:
    lecture = lectures.statistiques_completes(Filtre(), revision)
    aujourdhui = timezone.localdate()
    eres = list(Ere.objects.dans_l_ordre())
    manquants = lectures.manquants(revision, aujourdhui)
    return render(
        request,
        "euromillions/accueil.html",
        _commun(revision)
        | _calcul(lecture)
        | {
            "derniers": list(Tirage.objects.pour_la_liste()[:DERNIERS_TIRAGES]),
            "prochain": calendrier.prochain_tirage(eres, apres=_veille(aujourdhui)),
            "manquants": [date.fromisoformat(jour) for jour in manquants[:12]],
            "nombre_manquants": len(manquants),
            "une_sur": max(eres, key=lambda ere: ere.debut).combinaisons if eres else None,
            "gere": peut_gerer_les_tirages(request.user),
        },
    )


@page_de_statistiques(*PARAMETRES)
def frequences(request: HttpRequest, *, revision: int) -> HttpResponse:
    def preparer(chiffres: dict[str, Any]) -> dict[str, Any]:
        sorties = chiffres["frequencies"]
        return {
            "figure_numeros": graphiques.frequences(sorties["numbers"], axe="Numéro"),
            "figure_etoiles": graphiques.frequences(sorties["stars"], axe="Étoile"),
            "note_etoiles": NOTE_RESERVES if len(sorties["stars_by_pool"]) > 1 else "",
        }

    return _page(request, revision, "euromillions/frequences.html", preparer)


@page_de_statistiques(*PARAMETRES)
def ecarts(request: HttpRequest, *, revision: int) -> HttpResponse:
    def preparer(chiffres: dict[str, Any]) -> dict[str, Any]:
        gaps = chiffres["gaps"]
        return {
            "figure_numeros": graphiques.ecarts_courants(gaps["numbers"], axe="Numéro"),
            "figure_chances": graphiques.chances_selon_l_absence(gaps["hit_rate_by_current_gap"]),
        }

    return _page(request, revision, "euromillions/ecarts.html", preparer)


@page_de_statistiques(*PARAMETRES)
def combinaisons(request: HttpRequest, *, revision: int) -> HttpResponse:
    def preparer(chiffres: dict[str, Any]) -> dict[str, Any]:
        ensemble = chiffres["combinations"]
        return {
            "figure_paires": graphiques.combinaisons(
                ensemble["pairs"]["top"], ensemble["pairs"]["expected"], axe="Paire"
            ),
            "figure_triplets": graphiques.histogramme_des_comptes(
                ensemble["triples"]["count_histogram"], axe="Sorties du triplet"
            ),
        }

    return _page(request, revision, "euromillions/combinaisons.html", preparer)


@page_de_statistiques(*PARAMETRES)
def repartitions(request: HttpRequest, *, revision: int) -> HttpResponse:
    def preparer(chiffres: dict[str, Any]) -> dict[str, Any]:
        total, parts = chiffres["total_draws"], chiffres["distributions"]
        return {
            "parts": parts,
            "figure_sommes": graphiques.sommes(parts["sum"], total),
            "figure_impairs": graphiques.repartition(parts["odd"], total, axe="Numéros impairs"),
            "figure_bas": graphiques.repartition(parts["low"], total, axe="Numéros de 1 à 25"),
            "figure_suites": graphiques.repartition(parts["consecutive"], total, axe="Paires qui se suivent"),
            "figure_annees": graphiques.par_annee(parts["per_year"]),
            "figure_mois": graphiques.par_mois(parts["per_month"]),
            "figure_jours": graphiques.par_jour(parts["weekday"]),
            "figure_positions": graphiques.positions(parts["sorted_positions"]["numbers"], axe="Numéro"),
        }

    return _page(request, revision, "euromillions/repartitions.html", preparer)


@page_de_statistiques(*PARAMETRES)
def uniformite(request: HttpRequest, *, revision: int) -> HttpResponse:
    def preparer(chiffres: dict[str, Any]) -> dict[str, Any]:
        tests = chiffres["uniformity"]
        par_reserve = [
            {"reserve": reserve, "numeros": test, "etoiles": tests["stars_by_pool"][reserve]}
            for reserve, test in tests["numbers_by_pool"].items()
        ]
        p_une_alerte = 1 - 0.95 ** tests["tests"] if tests["tests"] else 0.0
        return {"tests": tests, "par_reserve": par_reserve, "pourcent_une_alerte": 100 * p_une_alerte}

    return _page(request, revision, "euromillions/uniformite.html", preparer)


@page_de_statistiques(*PARAMETRES)
def gains(request: HttpRequest, *, revision: int) -> HttpResponse:
    return _page(
        request,
        revision,
        "euromillions/gains.html",
        lambda _: {"eres": lectures.eres(revision)},
        lire=lectures.gains,
    )


@page_de_statistiques(*PARAMETRES)
def fiche_numero(request: HttpRequest, valeur: int, *, revision: int) -> HttpResponse:
    return _page_d_une_boule(request, valeur, revision, etoile=False)


@page_de_statistiques(*PARAMETRES)
def fiche_etoile(request: HttpRequest, valeur: int, *, revision: int) -> HttpResponse:
    return _page_d_une_boule(request, valeur, revision, etoile=True)


def tirages(request: HttpRequest) -> HttpResponse:
    """Liste paginée ; mêmes filtres que les statistiques, plus les boules et la source."""
    revision = lectures.revision()
    formulaire = _formulaire(request, revision, FormulaireListe)
    contexte = _commun(revision) | {"formulaire": formulaire, "gere": peut_gerer_les_tirages(request.user)}
    if not formulaire.is_valid():
        return render(request, "euromillions/tirages.html", contexte, status=400)
    choisis = formulaire.filtre.appliquer(Tirage.objects.pour_la_liste()).contenant(
        numeros=formulaire.cleaned_data["numbers"], etoiles=formulaire.cleaned_data["stars"]
    )
    if formulaire.cleaned_data["source"]:
        choisis = choisis.filter(source=formulaire.cleaned_data["source"])
    page = Paginator(choisis, 50).get_page(request.GET.get("page"))
    return render(request, "euromillions/tirages.html", contexte | {"page": page})


def tirage(request: HttpRequest, jour: date) -> HttpResponse:
    trouve = Tirage.objects.pour_la_fiche().filter(date=jour).first()
    if trouve is None:
        raise Http404(f"Aucun tirage le {jour:%d/%m/%Y}.")
    revision = lectures.revision()
    resultats = {rang.numero: rang for rang in trouve.ere.rangs.all()}
    return render(
        request,
        "euromillions/tirage.html",
        _commun(revision)
        | {
            "tirage": trouve,
            "gains": [(gain, resultats.get(gain.rang)) for gain in trouve.gains.all()],
            "precedent": Tirage.objects.filter(date__lt=jour).order_by("-date").first(),
            "suivant": Tirage.objects.filter(date__gt=jour).order_by("date").first(),
            "gere": peut_gerer_les_tirages(request.user),
            "fil": [("Tirages", reverse("euromillions:tirages")), (f"{jour:%d/%m/%Y}", None)],
        },
    )


def _page(
    request: HttpRequest,
    revision: int,
    gabarit: str,
    preparer: Preparer,
    *,
    lire: Callable[[Filtre, int], Lecture] = lectures.statistiques_completes,
) -> HttpResponse:
    """Page filtrée : formulaire, chiffres, figures ; 400 sans chiffre si le filtre est mauvais."""
    formulaire = _formulaire(request, revision)
    contexte = _commun(revision) | {"formulaire": formulaire}
    if not formulaire.is_valid():
        return render(request, gabarit, contexte, status=400)
    lecture = lire(formulaire.filtre, revision)
    contexte |= _calcul(lecture) | {"filtre": formulaire.filtre}
    if lecture.valeur.get("total_draws", 1):
        contexte |= preparer(lecture.valeur)
    return render(request, gabarit, contexte)


def _page_d_une_boule(request: HttpRequest, valeur: int, revision: int, *, etoile: bool) -> HttpResponse:
    if not lectures.boule_existe(valeur, revision, etoile=etoile):
        raise Http404("Cette boule n'existe dans aucune ère du jeu.")

    def preparer(chiffres: dict[str, Any]) -> dict[str, Any]:
        return {
            "figure_annees": graphiques.boule_par_annee(chiffres["per_year"]),
            "figure_ecarts": graphiques.boule_ecarts(chiffres["gap_histogram"]),
            "dates": [date.fromisoformat(jour) for jour in chiffres["last_dates"]],
            "valeur": valeur,
            "etoile": etoile,
            "voisines": range(1, lectures.plus_grande_boule(revision, etoile=etoile) + 1),
        }

    def lire(filtre: Filtre, numero: int) -> Lecture:
        return lectures.boule(valeur, filtre, numero, etoile=etoile)

    return _page(request, revision, "euromillions/boule.html", preparer, lire=lire)


def _formulaire(request: HttpRequest, revision: int, sorte: type[FormulaireFiltre] = FormulaireFiltre) -> Any:
    return sorte(
        request.GET,
        eres=[(ere["code"], ere["name"]) for ere in lectures.eres(revision)],
        annees=[annee["year"] for annee in lectures.annees(revision)],
    )


def _commun(revision: int) -> dict[str, Any]:
    return {"revision": revision, "demo": lectures.fictifs_presents(revision)}


def _calcul(lecture: Lecture) -> dict[str, Any]:
    """Les chiffres et l'instant de leur calcul (à l'heure locale)."""
    calcule_le = datetime.fromtimestamp(lecture.calculee_a, tz=timezone.get_current_timezone())
    return {"chiffres": lecture.valeur, "calcule_le": calcule_le}


def _veille(jour: date) -> date:
    return date.fromordinal(jour.toordinal() - 1)
