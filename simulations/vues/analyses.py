"""Pages des analyses d'une simulation terminée : ce que rend l'API, montré."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from rest_framework.exceptions import ValidationError

from simulateur.machine import Refus
from simulateur.models import Etat
from simulations import analyses, options, perms
from simulations.api_analyses import lire_incertitude, lire_reequilibrage
from simulations.comparaison import LIBELLES, comparer
from simulations.models import Simulation
from simulations.moteur.decomposition import COMPOSANTES
from simulations.moteur.reequilibrage import DISTANCES
from simulations.parts import Perimetre
from simulations.rejouer import rejouer
from simulations.vues.suivi import fil_d_ariane, lire_simulation

LIGNES_PAR_PAGE = 100
BARRES = 20
MOIS = ("Janv.", "Févr.", "Mars", "Avril", "Mai", "Juin", "Juil.", "Août", "Sept.", "Oct.", "Nov.", "Déc.")
ONGLETS = (
    ("sensibilites", "Sensibilités"),
    ("incertitude", "Incertitude"),
    ("profil", "Profil de l'année"),
    ("reequilibrage", "Rééquilibrage"),
    ("couts", "Coûts"),
)
Analyse = Callable[[QueryDict, Simulation, Perimetre], dict[str, Any]]


@require_safe
def sensibilites(request: HttpRequest, cle: UUID) -> HttpResponse:
    def analyser(_: QueryDict, lue: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        corps = analyses.sensibilites(lue, perimetre)
        return {**corps, "graphique": tornade(corps["total"])}

    return _page(request, cle, "sensibilites", analyser)


@require_safe
def incertitude(request: HttpRequest, cle: UUID) -> HttpResponse:
    def analyser(donnees: QueryDict, lue: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        corps = analyses.incertitude(lue, perimetre, **lire_incertitude(donnees, lue))
        return {**corps, "graphique": _eventail(corps["lignes"])}

    return _page(request, cle, "incertitude", analyser)


@require_safe
def profil(request: HttpRequest, cle: UUID) -> HttpResponse:
    def analyser(donnees: QueryDict, lue: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        parts = options.parts_du_mois(_parts_saisies(donnees)) or analyses.profils.PARTS_DEFAUT
        corps = analyses.profil(lue, perimetre, parts)
        pointe = corps["total"]["pointe"] - 1
        return {
            **corps,
            "mois_saisis": list(zip(MOIS, corps["parts_du_mois"], strict=True)),
            "pointe": MOIS[pointe],
            "etp_de_pointe": corps["total"]["etp"][pointe],
            "personnes_de_pointe": corps["total"]["personnes"][pointe],
            "mois": MOIS,
            "graphique": {
                "etiquettes": list(MOIS),
                "series": [
                    {"nom": "ETP", "valeurs": [round(v, 2) for v in corps["total"]["etp"]], "couleur": 1}
                ],
                "attendu": lue.actuel_dixiemes / 10 if perimetre.cle.endswith(":0:0") else None,
                "attendu_nom": "Effectif présent",
                "axe_x": "Mois",
                "unite": "ETP",
                "decimales": 1,
            },
        }

    return _page(request, cle, "profil", analyser)


def _parts_saisies(donnees: QueryDict) -> dict[str, str]:
    """Douze champs `part_1`… ou un seul `parts`."""
    if donnees.get("parts"):
        return {"parts": str(donnees["parts"])}
    saisies = [donnees.get(f"part_{mois}", "").strip() for mois in range(1, 13)]
    return {"parts": ";".join(saisies)} if any(saisies) else {}


@require_safe
def reequilibrage(request: HttpRequest, cle: UUID) -> HttpResponse:
    def analyser(donnees: QueryDict, lue: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        lues = lire_reequilibrage(donnees)
        corps = analyses.reequilibrage(lue, perimetre, **lues)
        return {**corps, "options": lues, "distances": DISTANCES, "lignes": corps["mouvements"]}

    return _page(request, cle, "reequilibrage", analyser)


@require_safe
def couts(request: HttpRequest, cle: UUID) -> HttpResponse:
    def analyser(_: QueryDict, lue: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        return analyses.couts(lue, perimetre)

    return _page(request, cle, "couts", analyser)


def _page(request: HttpRequest, cle: UUID, nom: str, analyser: Analyse) -> HttpResponse:
    lue = lire_simulation(request, cle)
    if lue.etat != Etat.TERMINEE:
        return redirect(lue)
    contexte: dict[str, Any] = {
        "simulation": lue,
        "ouverte": nom,
        "demande": request.GET,
        "fil": fil_d_ariane(lue, (dict(ONGLETS)[nom], None)),
    }
    statut = 200
    try:
        perimetre = options.perimetre(request.GET, lue)
        corps = analyser(request.GET, lue, perimetre)
        page = Paginator(corps.get("lignes", []), LIGNES_PAR_PAGE).get_page(request.GET.get("page"))
        contexte |= {**corps, "perimetre": perimetre, "page": page, "lignes": page.object_list}
    except ValidationError as erreur:
        contexte["erreurs"], statut = options.phrases(erreur), 400
    except Refus as refus:
        contexte["erreurs"], statut = [str(refus)], 409
    return render(request, f"simulations/analyses/{nom}.html", contexte, status=statut)


def tornade(effets: list[dict[str, Any]]) -> dict[str, Any]:
    """Barres couchées, le levier le plus fort en haut."""
    return {
        "etiquettes": [effet["libelle"] for effet in effets],
        "series": [{"nom": "Effet", "valeurs": [round(e["etp"], 3) for e in effets], "couleur": 1}],
        "axe_x": "Levier",
        "unite": "ETP",
        "decimales": 2,
        "horizontal": True,
    }


def _eventail(lignes: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Intervalle à 95 % de chaque ligne, les plus grandes d'abord."""
    montrees = sorted(lignes, key=lambda ligne: -ligne["etp_calcule"])[:BARRES]
    if not montrees:
        return None
    return {
        "etiquettes": [
            ligne.get("poste_label") or ligne.get("centre_label") or ligne["direction_label"]
            for ligne in montrees
        ],
        "series": [{"nom": "ETP calculé", "valeurs": [round(ligne["etp_calcule"], 2) for ligne in montrees]}],
        "bande": {
            "bas": [round(ligne["etp_95"][0], 2) for ligne in montrees],
            "haut": [round(ligne["etp_95"][1], 2) for ligne in montrees],
            "nom": "Intervalle à 95 %",
        },
        "unite": "ETP",
        "decimales": 1,
    }


@require_safe
def comparaison(request: HttpRequest) -> HttpResponse:
    """Choisir des simulations, puis les voir côte à côte avec le pourquoi."""
    choisies = request.GET.getlist("ids") if len(request.GET.getlist("ids")) > 1 else []
    donnees = request.GET.copy()
    if choisies:
        donnees["ids"] = ",".join(choisies)
    contexte: dict[str, Any] = {"demande": request.GET, "ids": donnees.get("ids", "")}
    statut = 200
    if donnees.get("ids"):
        try:
            contexte |= _comparer(request, donnees)
        except ValidationError as erreur:
            contexte["erreurs"], statut = options.phrases(erreur), 400
        except Refus as refus:
            contexte["erreurs"], statut = [str(refus)], 409
    if "total" not in contexte:
        recentes = Simulation.objects.filter(etat=Etat.TERMINEE).select_related("scenario", "demandeur")
        contexte["recentes"] = recentes.defer("volumes_demandes", "centre_ids", "rapport")[:50]
    return render(request, "simulations/analyses/comparer.html", contexte, status=statut)


def _comparer(request: HttpRequest, donnees: QueryDict) -> dict[str, Any]:
    cles = options.identifiants(donnees)
    lues = {s.pk: s for s in Simulation.objects.select_related("scenario").filter(pk__in=cles)}
    for cle in cles:
        if cle not in lues or not perms.peut_voir(request.user, lues[cle]):
            raise Refus(f"La simulation {cle} n'existe pas ou a été purgée.")
        if lues[cle].etat != Etat.TERMINEE:
            raise Refus(f"La simulation « {lues[cle]} » n'est pas terminée.")
    simulations = [lues[cle] for cle in cles]
    plus_large = max(simulations, key=lambda s: s.niveau == Simulation.Niveau.NATIONAL)
    perimetre = options.perimetre(donnees, plus_large)
    corps = comparer(simulations, perimetre)
    page = Paginator(corps["lignes"], LIGNES_PAR_PAGE).get_page(donnees.get("page"))
    return {
        **corps,
        "perimetre": perimetre,
        "page": page,
        "lignes": page.object_list,
        "base": corps["simulations"][0],
        "autres": list(zip(corps["simulations"][1:], corps["total"], strict=True)),
        "suivant": {"direction": "direction", "centre": "centre"}.get(perimetre.niveau, ""),
        "fictive": any(s.fictive for s in simulations),
        "graphique": _causes(corps),
    }


def _causes(corps: dict[str, Any]) -> dict[str, Any]:
    """Effet de chaque cause sur les ETP, par simulation comparée."""
    return {
        "etiquettes": [LIBELLES[code] for code in COMPOSANTES],
        "series": [
            {
                "nom": f"{rang}. {resume['scenario'] or resume['libelle']}",
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


@require_POST
def rejeu(request: HttpRequest, cle: UUID) -> HttpResponse:
    lue = lire_simulation(request, cle)
    try:
        return redirect(rejouer(lue, demandeur=request.user))
    except Refus as refus:
        messages.warning(request, str(refus))
        return redirect(lue)


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
