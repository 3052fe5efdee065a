"""Pages des analyses d'une simulation terminée : ce que rend l'API, montré."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from referentiels.perms import peut_voir_les_couts
from simulateur.fichiers.tableaux import FORMATS
from simulateur.models import Etat
from simulateur.pages import gardees
from simulateur.web import reserves
from simulateur.web.piece_jointe import en_piece_jointe
from simulateur.web.refus import Refus
from simulations.analyses import couts
from simulations.analyses.analyse import Analyse, Corps
from simulations.analyses.comparaison import LIBELLES, comparer_pour
from simulations.demandes import options
from simulations.exports import tables
from simulations.models import Simulation
from simulations.moteur.decomposition import COMPOSANTES
from simulations.pages import etats
from simulations.pages.complements import AUCUN, COMPLEMENTS, Vue
from simulations.pages.presentation import Contexte, Graphique, mode_court
from simulations.pages.suivi import fil_d_ariane, lire_simulation
from simulations.resultats.etat import etat_de

LIGNES_PAR_PAGE = 100
COMPARABLES = 50


@require_safe
def analyse(request: HttpRequest, cle: UUID, analyse: Analyse) -> HttpResponse:
    """La page d'une analyse du registre."""
    lue = lire_simulation(request, cle)
    _verifier(request, analyse)
    if lue.etat != Etat.TERMINEE:
        return redirect(lue)
    return gardees.servir(request, lambda: etat_de([lue]), lambda: _montrer(request, lue, analyse))


@require_safe
def fichier_d_analyse(request: HttpRequest, cle: UUID, analyse: Analyse, format: str) -> HttpResponse:
    """La même analyse, en classeur ou en csv. Une demande refusée ramène à sa page, qui dit pourquoi."""
    lue = lire_simulation(request, cle)
    _verifier(request, analyse)
    if format not in FORMATS or lue.etat != Etat.TERMINEE:
        raise Http404
    complement = COMPLEMENTS.get(analyse.code, AUCUN)
    try:
        perimetre = options.perimetre(request.GET, lue)
        corps = reserves.pour(request.user, analyse.analyser(complement.lire(request.GET), lue, perimetre))
    except Refus:
        adresse = reverse(f"simulations:{analyse.code}", args=[lue.pk])
        return redirect(f"{adresse}?{request.GET.urlencode()}")
    return en_piece_jointe(tables.de_l_analyse(analyse.code, lue, corps, format))


@require_safe
def fichier_de_comparaison(request: HttpRequest, format: str) -> HttpResponse:
    """La comparaison montrée, en classeur ou en csv."""
    if format not in FORMATS:
        raise Http404
    try:
        corps = reserves.pour(request.user, comparer_pour(request.user, request.GET).corps)
    except Refus:
        return redirect(f"{reverse('simulations:comparer')}?{request.GET.urlencode()}")
    return en_piece_jointe(tables.de_la_comparaison(corps, format))


def _verifier(request: HttpRequest, analyse: Analyse) -> None:
    """Sans le droit de voir les coûts, leur page n'aurait rien à montrer."""
    if analyse.code == couts.ANALYSE.code and not peut_voir_les_couts(request.user):
        raise PermissionDenied


def _montrer(request: HttpRequest, lue: Simulation, analyse: Analyse) -> HttpResponse:
    contexte: Contexte = {
        "simulation": lue,
        "analyse": analyse,
        "ouverte": analyse.code,
        "demande": request.GET,
        "fil": fil_d_ariane(lue, (analyse.libelle, None)),
    }
    statut = 200
    try:
        contexte |= _analyser(request.GET, lue, analyse)
    except Refus as refus:
        contexte["erreurs"], statut = refus.phrases, refus.statut
        contexte |= COMPLEMENTS.get(analyse.code, AUCUN).en_faute(request.GET)
    return render(request, analyse.gabarit, contexte, status=statut)


def _analyser(demande: QueryDict, lue: Simulation, analyse: Analyse) -> Contexte:
    complement = COMPLEMENTS.get(analyse.code, AUCUN)
    perimetre = options.perimetre(demande, lue)
    corps = analyse.analyser(complement.lire(demande), lue, perimetre)
    contexte = {**corps, **complement.montrer(corps, Vue(demande, lue, perimetre))}
    page = Paginator(contexte.get("lignes", []), LIGNES_PAR_PAGE).get_page(demande.get("page"))
    return {**contexte, "perimetre": perimetre, "page": page, "lignes": page.object_list}


@require_safe
@gardees.page(etats.comparaison)
def comparaison(request: HttpRequest) -> HttpResponse:
    """Choisir des simulations, puis les voir côte à côte avec le pourquoi."""
    donnees = request.GET.copy()
    donnees["ids"] = ",".join(_base_d_abord(request.GET))
    contexte: Contexte = {"demande": request.GET, "ids": donnees["ids"]}
    statut = 200
    if donnees["ids"] or "choix" in donnees:
        try:
            contexte |= _comparer(request, donnees)
        except Refus as refus:
            contexte["erreurs"], statut = refus.phrases, refus.statut
    if "total" not in contexte:
        visibles = Simulation.objects.visible_par(request.user)
        recentes = visibles.filter(etat=Etat.TERMINEE).select_related("scenario", "demandeur")
        lourds = ("volumes_demandes", "centre_ids", "rapport", "scenario__parametres", "scenario__volumes")
        proposees = list(recentes.defer(*lourds)[:COMPARABLES])
        contexte |= {"recentes": proposees, "fictive": any(s.fictive for s in proposees)}
    return render(request, "simulations/analyses/comparer.html", contexte, status=statut)


def _base_d_abord(donnees: QueryDict) -> list[str]:
    """Les identifiants donnés (répétés, ou séparés par des virgules), la base choisie en tête."""
    ids = [cle for brut in donnees.getlist("ids") for cle in brut.split(",") if cle]
    base = donnees.get("base", "")
    return [base, *(cle for cle in ids if cle != base)] if base else ids


def _comparer(request: HttpRequest, donnees: QueryDict) -> Contexte:
    comparees = comparer_pour(request.user, donnees, nommer=lambda lue: f"« {lue} »")
    simulations, corps = comparees.simulations, comparees.corps
    page = Paginator(corps["lignes"], LIGNES_PAR_PAGE).get_page(donnees.get("page"))
    return {
        **corps,
        "perimetre": comparees.perimetre,
        "page": page,
        "lignes": page.object_list,
        "base": simulations[0],
        "autres": list(zip(simulations[1:], corps["total"], strict=True)),
        "fictive": any(s.fictive for s in simulations),
        "graphique": _causes(corps),
    }


def _causes(corps: Corps) -> Graphique:
    """Effet de chaque cause sur les ETP, par simulation comparée."""
    return {
        "etiquettes": [LIBELLES[code] for code in COMPOSANTES],
        "series": [
            {
                "nom": f"{rang}. {resume['scenario'] or resume['libelle']} ({mode_court(resume['mode'])})",
                "valeurs": [round(total["pourquoi"][code]["etp"], 3) for code in COMPOSANTES],
                "couleur": rang,
            }
            for rang, (resume, total) in enumerate(
                zip(corps["simulations"][1:], corps["total"], strict=True), start=1
            )
        ],
        "axe_x": "Cause",
        "unite": "ETP",
        "decimales": 2,
        "horizontal": True,
    }
