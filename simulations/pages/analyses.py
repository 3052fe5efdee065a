"""Pages des analyses d'une simulation terminée : ce que rend l'API, montré."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from simulateur.models import Etat
from simulateur.web.refus import Refus, SaisieRefusee
from simulations import perms
from simulations.analyses import calculees as analyses
from simulations.analyses.comparaison import LIBELLES, comparer
from simulations.analyses.metiers import metiers as par_metier
from simulations.analyses.modes import trois_modes
from simulations.api.simulations import lire_incertitude, lire_reequilibrage
from simulations.calculs.rejeu import rejouer
from simulations.demandes import options
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation
from simulations.moteur.decomposition import COMPOSANTES
from simulations.moteur.reequilibrage import DISTANCES
from simulations.pages import presentation
from simulations.pages.suivi import fil_d_ariane, lire_simulation
from simulations.templatetags.simulations import mode_court

LIGNES_PAR_PAGE = 100
COMPARABLES = 50
BARRES = 20
MOIS = ("Janv.", "Févr.", "Mars", "Avril", "Mai", "Juin", "Juil.", "Août", "Sept.", "Oct.", "Nov.", "Déc.")
ONGLETS = (
    ("metiers", "Par métier"),
    ("modes", "Trois modes"),
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
def metiers(request: HttpRequest, cle: UUID) -> HttpResponse:
    def analyser(_: QueryDict, lue: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        directions = lue.centres.order_by("direction").values_list("direction_id", "direction").distinct()
        return {**par_metier(lue, perimetre), "directions": list(directions)}

    return _page(request, cle, "metiers", analyser)


@require_safe
def modes(request: HttpRequest, cle: UUID) -> HttpResponse:
    def analyser(_: QueryDict, lue: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        corps = trois_modes(lue, perimetre)
        totaux = [
            {
                **mode,
                "libelle": presentation.MODES_EN_MOTS[mode["mode"]],
                "libelle_court": presentation.MODES_EN_MOTS[mode["mode"]].partition(" (")[0],
            }
            for mode in corps["modes"]
        ]
        points = ((m["libelle_court"], m["etp_actuel"], m["etp_calcule"]) for m in totaux)
        graphique = presentation.effectifs_compares(points, axe="Mode", horizontal=True)
        return {**corps, "totaux": totaux, "graphique": graphique}

    return _page(request, cle, "modes", analyser)


@require_safe
def incertitude(request: HttpRequest, cle: UUID) -> HttpResponse:
    def analyser(donnees: QueryDict, lue: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        corps = analyses.incertitude(lue, perimetre, **lire_incertitude(donnees, lue))
        codes = [code for code in corps["dispersions"] if code != analyses.SANS_FLUX]
        return {
            **corps,
            "graphique": _eventail(corps["lignes"]),
            "dispersions_par_flux": _dispersions_saisies(donnees, codes),
        }

    return _page(request, cle, "incertitude", analyser)


@require_safe
def profil(request: HttpRequest, cle: UUID) -> HttpResponse:
    def analyser(donnees: QueryDict, lue: Simulation, perimetre: Perimetre) -> dict[str, Any]:
        parts = options.parts_du_mois(_parts_saisies(donnees)) or analyses.profils.PARTS_DEFAUT
        corps = analyses.profil(lue, perimetre, parts)
        total = corps["total"]
        pointe = total["pointe"]
        return {
            **corps,
            "mois_saisis": list(zip(MOIS, corps["parts_du_mois"], strict=True)),
            "pointe": MOIS[pointe - 1] if pointe else "aucun",
            "etp_de_pointe": max(total["etp"]),
            "personnes_de_pointe": total["personnes"][(pointe or 1) - 1],
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


def _dispersions_saisies(donnees: QueryDict, codes: Sequence[str]) -> list[dict[str, str]]:
    """Un champ par flux, avec ce qui y était écrit."""
    return [
        {"nom": code, "cle": cle, "valeur": donnees.get(cle, "")}
        for code, cle in ((code, f"{options.DISPERSION}{code.lower()}") for code in codes)
    ]


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
    except SaisieRefusee as erreur:
        contexte["erreurs"], statut = erreur.phrases, 400
        # La faute peut être dans un de ces champs : il reste là, à corriger.
        saisis = [
            cle.removeprefix(options.DISPERSION) for cle in request.GET if cle.startswith(options.DISPERSION)
        ]
        contexte["dispersions_par_flux"] = _dispersions_saisies(
            request.GET, [code.upper() for code in saisis]
        )
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
        "zero": False,
        "unite": "ETP",
        "decimales": 1,
    }


@require_safe
def comparaison(request: HttpRequest) -> HttpResponse:
    """Choisir des simulations, puis les voir côte à côte avec le pourquoi."""
    donnees = request.GET.copy()
    donnees["ids"] = ",".join(_base_d_abord(request.GET))
    contexte: dict[str, Any] = {"demande": request.GET, "ids": donnees["ids"]}
    statut = 200
    if donnees["ids"] or "choix" in donnees:
        try:
            contexte |= _comparer(request, donnees)
        except SaisieRefusee as erreur:
            contexte["erreurs"], statut = erreur.phrases, 400
        except Refus as refus:
            contexte["erreurs"], statut = [str(refus)], 409
    if "total" not in contexte:
        recentes = Simulation.objects.filter(etat=Etat.TERMINEE).select_related("scenario", "demandeur")
        lourds = ("volumes_demandes", "centre_ids", "rapport", "scenario__parametres", "scenario__volumes")
        proposees = list(recentes.defer(*lourds)[:COMPARABLES])
        contexte |= {"recentes": proposees, "fictive": any(s.fictive for s in proposees)}
    return render(request, "simulations/analyses/comparer.html", contexte, status=statut)


def _base_d_abord(donnees: QueryDict) -> list[str]:
    """Les identifiants donnés (répétés, ou séparés par des virgules), la base choisie en tête."""
    ids = [cle for brut in donnees.getlist("ids") for cle in brut.split(",") if cle]
    base = donnees.get("base", "")
    return [base, *(cle for cle in ids if cle != base)] if base else ids


def _comparer(request: HttpRequest, donnees: QueryDict) -> dict[str, Any]:
    cles = options.identifiants(donnees)
    lues = {s.pk: s for s in Simulation.objects.select_related("scenario").filter(pk__in=cles)}
    for cle in cles:
        if cle not in lues or not perms.peut_voir(request.user, lues[cle]):
            raise Refus(f"La simulation {cle} n'existe pas ou a été purgée.")
        if lues[cle].etat != Etat.TERMINEE:
            raise Refus(f"La simulation « {lues[cle]} » n'est pas terminée.")
    simulations = [lues[cle] for cle in cles]
    perimetre = options.perimetre_commun(donnees, simulations)
    corps = comparer(simulations, perimetre)
    page = Paginator(corps["lignes"], LIGNES_PAR_PAGE).get_page(donnees.get("page"))
    return {
        **corps,
        "perimetre": perimetre,
        "page": page,
        "lignes": page.object_list,
        "base": simulations[0],
        "autres": list(zip(simulations[1:], corps["total"], strict=True)),
        "fictive": any(s.fictive for s in simulations),
        "graphique": _causes(corps),
    }


def _causes(corps: dict[str, Any]) -> dict[str, Any]:
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
