"""Pages des statistiques : vue d'ensemble, fréquences, écarts, répartitions, chances et gains, boules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from euromillions.lectures import reperes, statistiques
from euromillions.lectures.filtre import Filtre
from euromillions.lectures.fraicheur import fraicheur
from euromillions.models import Ere, Tirage
from euromillions.pages.cache import page_de_statistiques
from euromillions.pages.contexte import contexte_commun
from euromillions.pages.filtre import PARAMETRES, lire_le_formulaire
from euromillions.pages.graphiques import statistiques as graphiques
from euromillions.perms import peut_gerer_les_tirages
from simulateur.cache.donnees import Lecture

DERNIERS_TIRAGES = 8
NOTE_RESERVES = "L'attendu baisse pour les étoiles entrées plus tard dans l'urne."
Chiffres = Mapping[str, Any]  # ce que le cache rend d'une lecture, en JSON
Contexte = dict[str, Any]  # les variables d'un gabarit
Preparer = Callable[[Chiffres], Contexte]


@page_de_statistiques()
def accueil(request: HttpRequest, *, revision: int) -> HttpResponse:
    lecture = statistiques.completes(Filtre(), revision)
    eres = list(Ere.objects.dans_l_ordre())
    ou = fraicheur(revision, timezone.now())
    return render(
        request,
        "euromillions/accueil.html",
        contexte_commun(revision)
        | _calcul(lecture)
        | {
            "derniers": list(Tirage.objects.pour_la_liste()[:DERNIERS_TIRAGES]),
            "prochain": date.fromisoformat(ou["next_draw"]) if ou["next_draw"] else None,
            "manquants": ou["missing_dates"],
            "nombre_manquants": ou["missing_draws"],
            "une_sur": max(eres, key=lambda ere: ere.debut).combinaisons if eres else None,
            "gere": peut_gerer_les_tirages(request.user),
        },
    )


@page_de_statistiques(*PARAMETRES)
def frequences(request: HttpRequest, *, revision: int) -> HttpResponse:
    def preparer(chiffres: Chiffres) -> Contexte:
        sorties = chiffres["frequencies"]
        return {
            "figure_numeros": graphiques.frequences(sorties["numbers"], axe="Numéro"),
            "figure_etoiles": graphiques.frequences(sorties["stars"], axe="Étoile"),
            "note_etoiles": NOTE_RESERVES if len(sorties["stars_by_pool"]) > 1 else "",
        }

    return _page(request, revision, "euromillions/frequences.html", preparer, contenu="frequences")


@page_de_statistiques(*PARAMETRES)
def ecarts(request: HttpRequest, *, revision: int) -> HttpResponse:
    def preparer(chiffres: Chiffres) -> Contexte:
        gaps = chiffres["gaps"]
        return {
            "figure_numeros": graphiques.ecarts_courants(gaps["numbers"], axe="Numéro"),
            "figure_chances": graphiques.chances_selon_l_absence(gaps["hit_rate_by_current_gap"]),
        }

    return _page(request, revision, "euromillions/ecarts.html", preparer)


@page_de_statistiques(*PARAMETRES)
def combinaisons(request: HttpRequest, *, revision: int) -> HttpResponse:
    def preparer(chiffres: Chiffres) -> Contexte:
        ensemble = chiffres["combinations"]
        return {
            "figure_paires": graphiques.combinaisons(
                ensemble["pairs"]["top"], ensemble["pairs"]["expected"], axe="Paire"
            ),
            "figure_triplets": graphiques.histogramme_des_comptes(
                ensemble["triples"]["count_histogram"], axe="Sorties du triplet"
            ),
        }

    return _page(request, revision, "euromillions/combinaisons.html", preparer, contenu="paires")


@page_de_statistiques(*PARAMETRES)
def repartitions(request: HttpRequest, *, revision: int) -> HttpResponse:
    def preparer(chiffres: Chiffres) -> Contexte:
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
    def preparer(chiffres: Chiffres) -> Contexte:
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
        lambda _: {"eres": reperes.eres(revision)},
        lire=statistiques.gains,
    )


@page_de_statistiques(*PARAMETRES)
def fiche_numero(request: HttpRequest, valeur: int, *, revision: int) -> HttpResponse:
    return _page_d_une_boule(request, valeur, revision, etoile=False)


@page_de_statistiques(*PARAMETRES)
def fiche_etoile(request: HttpRequest, valeur: int, *, revision: int) -> HttpResponse:
    return _page_d_une_boule(request, valeur, revision, etoile=True)


def _page(
    request: HttpRequest,
    revision: int,
    gabarit: str,
    preparer: Preparer,
    *,
    lire: Callable[[Filtre, int], Lecture] = statistiques.completes,
    contenu: str = "",
) -> HttpResponse:
    """Page filtrée : formulaire, chiffres, figures ; 400 sans chiffre si le filtre est mauvais.

    `contenu` : ce qui s'en emporte (`lectures.exports`).
    """
    formulaire = lire_le_formulaire(request, revision)
    contexte = contexte_commun(revision) | {"formulaire": formulaire, "contenu": contenu}
    if not formulaire.is_valid():
        return render(request, gabarit, contexte, status=400)
    lecture = lire(formulaire.filtre, revision)
    contexte |= _calcul(lecture) | {"filtre": formulaire.filtre}
    if lecture.valeur.get("total_draws", 1):
        contexte |= preparer(lecture.valeur)
    return render(request, gabarit, contexte)


def _page_d_une_boule(request: HttpRequest, valeur: int, revision: int, *, etoile: bool) -> HttpResponse:
    if not reperes.boule_existe(valeur, revision, etoile=etoile):
        raise Http404("Cette boule n'existe dans aucune ère du jeu.")

    def preparer(chiffres: Chiffres) -> Contexte:
        return {
            "figure_annees": graphiques.boule_par_annee(chiffres["per_year"]),
            "figure_ecarts": graphiques.boule_ecarts(chiffres["gap_histogram"]),
            "dates": [date.fromisoformat(jour) for jour in chiffres["last_dates"]],
            "valeur": valeur,
            "etoile": etoile,
            "voisines": range(1, reperes.plus_grande_boule(revision, etoile=etoile) + 1),
        }

    def lire(filtre: Filtre, revision: int) -> Lecture:
        return statistiques.boule(valeur, filtre, revision, etoile=etoile)

    return _page(request, revision, "euromillions/boule.html", preparer, lire=lire)


def _calcul(lecture: Lecture) -> Contexte:
    """Les chiffres et l'instant de leur calcul (à l'heure locale)."""
    calcule_le = datetime.fromtimestamp(lecture.calculee_a, tz=timezone.get_current_timezone())
    return {"chiffres": lecture.valeur, "calcule_le": calcule_le}
