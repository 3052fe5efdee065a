"""Suivi et résultats d'une simulation, actions sur elle, historique."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from simulateur import machine
from simulateur.models import Etat
from simulateur.tableaux import Tri, ordre_des_noms
from simulateur.texte import normaliser
from simulations import lecture, perms, presentation, restitution
from simulations.filters import SimulationFilter
from simulations.models import ResultatCentre, Simulation
from simulations.moteur.calcul import DECISIONS
from simulations.rejeu import fraicheur

LIGNES_PAR_PAGE = 200
SIMULATIONS_PAR_PAGE = 50
# colonne triable : clé de tri d'une ligne de centre
TRIS = {
    "nom": lambda ligne: ordre_des_noms(ligne.nom),
    "typologie": lambda ligne: ligne.typologie,
    "heures": lambda ligne: ligne.heures_pico,
    "actuel": lambda ligne: ligne.actuel_dixiemes,
    "etp": lambda ligne: ligne.etp_pico,
    "arrondi": lambda ligne: ligne.arrondi_dixiemes,
    "ecart": lambda ligne: ligne.ecart_dixiemes,
    "decision": lambda ligne: ligne.decision,
    "cout": lambda ligne: ligne.cout_milliemes if ligne.cout_connu else None,
}


def lire_simulation(request: HttpRequest, cle: UUID) -> Simulation:
    """404 si elle n'existe pas, 403 si elle ne regarde pas cette personne."""
    simulation: Simulation = get_object_or_404(Simulation.objects.pour_page(), pk=cle)
    if not perms.peut_voir(request.user, simulation):
        raise PermissionDenied
    return simulation


@require_safe
def simulation(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Vivante : sa progression ; terminée : ses résultats ; sinon : pourquoi, et comment la relancer."""
    lue = lire_simulation(request, cle)
    contexte = _contexte_de_suivi(request, lue)
    if lue.etat != Etat.TERMINEE:
        return render(request, "simulations/simulation_suivie.html", contexte)
    return render(request, "simulations/simulation.html", contexte | _resultats(request, lue))


@require_safe
def suivi(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Fragment de progression, redemandé chaque seconde tant que la simulation vit."""
    lue = lire_simulation(request, cle)
    reponse = render(request, "composants/progression.html", _contexte_de_suivi(request, lue))
    if lue.est_fini and lue.etat != Etat.TERMINEE:
        # La page entière change : la raison du refus et le bouton pour relancer.
        reponse["HX-Refresh"] = "true"
    reponse["Cache-Control"] = "no-store"
    return reponse


@require_POST
def annuler(request: HttpRequest, cle: UUID) -> HttpResponse:
    lue = lire_simulation(request, cle)
    if not perms.peut_annuler(request.user, lue):
        raise PermissionDenied
    deja_finie = lue.est_fini
    atteint = machine.annuler(lue)
    if deja_finie or atteint not in (Etat.EN_COURS, Etat.ANNULEE):
        messages.warning(request, f"Trop tard pour annuler : la simulation est « {atteint.label.lower()} ».")
    elif atteint == Etat.ANNULEE:
        messages.success(request, "Simulation annulée avant d'avoir commencé.")
    else:
        messages.info(request, "Annulation demandée : l'ouvrier s'arrête.")
    return _retour(request, lue)


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


def _contexte_de_suivi(request: HttpRequest, lue: Simulation) -> dict[str, Any]:
    annulable = not lue.est_fini and perms.peut_annuler(request.user, lue)
    relancable = lue.est_fini and lue.etat != Etat.TERMINEE and perms.peut_relancer(request.user, lue)
    return {
        "simulation": lue,
        "travail": lue,
        "libelle": lue.libelle,
        "adresse_suivi": reverse("simulations:suivi", args=[lue.pk]),
        "adresse_annulation": reverse("simulations:annuler", args=[lue.pk]) if annulable else "",
        "adresse_relance": reverse("simulations:relancer", args=[lue.pk]) if relancable else "",
        "adresse_resultat": lue.get_absolute_url(),
        "suite": True,
        "adresse_reprise": adresse_de_reprise(lue),
        "fil": fil_d_ariane(lue),
    }


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


def _resultats(request: HttpRequest, lue: Simulation) -> dict[str, Any]:
    """Tout le résultat, d'une seule lecture des centres : mêmes fonctions que l'API."""
    lignes = list(lue.centres.all())
    directions_lues = {ligne.direction_id for ligne in lignes}
    etat = fraicheur(lue, directions_lues, {ligne.centre_id for ligne in lignes})
    compte = Counter(ligne.decision for ligne in lignes)
    nationale = lue.niveau == Simulation.Niveau.NATIONAL
    graphique, note = presentation.graphique_des_lignes(lignes, axe="Centre")
    directions = restitution.par_direction(lignes) if nationale else []
    if nationale:
        graphique, note = presentation.graphique_des_directions(directions), ""
    return {
        "kpis": restitution.kpis(lue),
        "distribution": restitution.distribution(lue),
        "graphique_mod_moi": presentation.graphique_mod_moi(restitution.distribution(lue)),
        "graphique": graphique,
        "note_graphique": note,
        "graphique_ecarts": presentation.graphique_ecarts(restitution.plus_grands_ecarts(lignes)),
        "directions": directions,
        "parametres": presentation.parametres_en_mots(
            lue, lecture.catalogue(etat.revision_regles), {ligne.centre_id: ligne.nom for ligne in lignes}
        ),
        "fraicheur": etat,
        "nb_par_decision": [(nom, compte[nom]) for nom in DECISIONS if compte[nom]],
        **_table_des_centres(request, lignes),
    }


def _table_des_centres(request: HttpRequest, lignes: list[ResultatCentre]) -> dict[str, Any]:
    """Lignes filtrées et triées ; découpées quand elles ne tiennent pas en page."""
    decision = request.GET.get("decision", "")
    direction = request.GET.get("direction", "")
    recherche = request.GET.get("recherche", "")[:100]
    mots = normaliser(recherche).split()
    gardees = [
        ligne
        for ligne in lignes
        if decision in ("", ligne.decision)
        and direction in ("", str(ligne.direction_id))
        and _contient(ligne, mots)
    ]
    triees = Tri.lu(request.GET).trier(gardees, TRIS)
    page: Page[ResultatCentre] | None = None
    if len(triees) > LIGNES_PAR_PAGE or recherche:
        page = Paginator(triees, LIGNES_PAR_PAGE).get_page(request.GET.get("page"))
    return {
        "lignes": page.object_list if page else triees,
        "page": page,
        "decision": decision,
        "decisions": DECISIONS,
        "direction": direction,
        "recherche": recherche,
        "plusieurs_directions": len({ligne.direction_id for ligne in lignes}) > 1,
        "noms_des_directions": {str(ligne.direction_id): ligne.direction for ligne in lignes},
        "filtree": bool(decision or direction or recherche),
    }


def _contient(ligne: ResultatCentre, mots: list[str]) -> bool:
    texte = normaliser(f"{ligne.nom} {ligne.code} {ligne.typologie} {ligne.direction}") if mots else ""
    return all(mot in texte for mot in mots)


@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Historique : filtres, pages, relancer ou annuler."""
    directions = [(ligne["id"], ligne["nom"]) for ligne in lecture.directions()]
    filtre = SimulationFilter(
        request.GET, queryset=Simulation.objects.pour_historique(), directions=directions
    )
    trouvees = filtre.qs if filtre.is_valid() else Simulation.objects.none()
    page = Paginator(trouvees, SIMULATIONS_PAR_PAGE).get_page(request.GET.get("page"))
    lignes = [
        {
            "simulation": ligne,
            "annulable": not ligne.est_fini and perms.peut_annuler(request.user, ligne),
            "relancable": ligne.est_fini
            and ligne.etat != Etat.TERMINEE
            and perms.peut_relancer(request.user, ligne),
        }
        for ligne in page
    ]
    # Toutes fictives, la page le dit une fois ; mêlées, chaque ligne le dit.
    fictives = bool(lignes) and all(ligne.fictive for ligne in page)
    contexte = {"filtre": filtre, "page": page, "lignes": lignes, "toutes_fictives": fictives}
    return render(request, "simulations/liste.html", contexte)
