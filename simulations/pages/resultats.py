"""La page d'une simulation : ses résultats, la table de ses centres."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from referentiels.perms import peut_voir_les_couts
from simulateur.langue.texte import normaliser
from simulateur.models import Etat
from simulateur.pages import gardees
from simulateur.web.tableaux import Tri, ordre_des_noms
from simulations import perms
from simulations.calculs.fraicheur import Fraicheur, fraicheur
from simulations.models import ResultatCentre, Simulation
from simulations.moteur.calcul import DECISIONS
from simulations.moteur.mesures import Sommes
from simulations.pages import lecture, presentation
from simulations.pages.presentation import Contexte
from simulations.pages.suivi import adresse_de_reprise, fil_d_ariane, lire_simulation, suivi_de
from simulations.resultats import restitution
from simulations.resultats.etat import etat_de
from simulations.resultats.pont import pont_en_mots

LIGNES_PAR_PAGE = 100
# colonne triable : clé de tri d'une ligne de centre
TRIS = {
    "nom": lambda ligne: ordre_des_noms(ligne.nom),
    "typologie": lambda ligne: ligne.typologie,
    "heures": lambda ligne: ligne.heures_pico,
    "actuel": lambda ligne: ligne.actuel_centiemes,
    "etp": lambda ligne: ligne.etp_pico,
    "arrondi": lambda ligne: ligne.arrondi_centiemes,
    "ecart": lambda ligne: ligne.ecart_centiemes,
    "manque": lambda ligne: ligne.a_pourvoir_centiemes,
    "surplus": lambda ligne: ligne.ecart_centiemes - ligne.a_pourvoir_centiemes,
    "decision": lambda ligne: ligne.decision,
    "cout": lambda ligne: ligne.cout_dix_milliemes if ligne.cout_connu else None,
}


@require_safe
def simulation(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Vivante : sa progression ; terminée : ses résultats ; sinon : pourquoi, et comment la relancer."""
    lue = lire_simulation(request, cle)
    if lue.etat != Etat.TERMINEE:
        return render(request, "simulations/simulation_suivie.html", _suivie(request, lue))
    etat = fraicheur(lue)
    partageable = perms.peut_partager(request.user, lue)
    return gardees.servir(
        request,
        lambda: [*etat_de([lue]), etat, partageable],
        lambda: _terminee(request, lue, etat, partageable=partageable),
    )


def _suivie(request: HttpRequest, lue: Simulation) -> Contexte:
    relancable = lue.est_fini and perms.peut_relancer(request.user, lue)
    return {
        **suivi_de(request, lue).en_contexte(),
        "simulation": lue,
        "adresse_relance": reverse("simulations:relancer", args=[lue.pk]) if relancable else "",
        "adresse_reprise": adresse_de_reprise(lue),
        "fil": fil_d_ariane(lue),
    }


def _terminee(request: HttpRequest, lue: Simulation, etat: Fraicheur, *, partageable: bool) -> HttpResponse:
    contexte = {
        "partageable": partageable,
        "simulation": lue,
        "travail": lue,
        "adresse_reprise": adresse_de_reprise(lue),
        "fil": fil_d_ariane(lue),
        **_resultats(request, lue, etat),
    }
    return render(request, "simulations/simulation.html", contexte)


def _resultats(request: HttpRequest, lue: Simulation, etat: Fraicheur) -> Contexte:
    """Tout le résultat, d'une seule lecture des centres : mêmes fonctions que l'API."""
    lignes = list(lue.centres.brutes())
    compte = Counter(ligne.decision for ligne in lignes)
    nationale = lue.niveau == Simulation.Niveau.NATIONAL
    directions = restitution.par_direction(lignes) if nationale else []
    if nationale:
        graphique, note = presentation.graphique_des_directions(directions), ""
    else:
        graphique, note = presentation.graphique_des_lignes(lignes, axe="Centre")
    return {
        "kpis": restitution.kpis(lue),
        "pont": pont_en_mots(Sommes.de(lue).en_bref(), lue.jeu_de_parametres.arrondi),
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


def _table_des_centres(request: HttpRequest, lignes: list[Any]) -> Contexte:
    """Lignes filtrées et triées ; découpées quand elles ne tiennent pas en page. Un modèle pour celles-là."""
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
    permis = TRIS if peut_voir_les_couts(request.user) else {nom: TRIS[nom] for nom in TRIS if nom != "cout"}
    triees = Tri.lu(request.GET).trier(gardees, permis)
    page: Page[Any] | None = None
    if len(triees) > LIGNES_PAR_PAGE or recherche:
        page = Paginator(triees, LIGNES_PAR_PAGE).get_page(request.GET.get("page"))
    return {
        "lignes": [ResultatCentre.de_brute(ligne) for ligne in (page or triees)],
        "page": page,
        "decision": decision,
        "decisions": DECISIONS,
        "direction": direction,
        "recherche": recherche,
        "plusieurs_directions": len({ligne.direction_id for ligne in lignes}) > 1,
        "noms_des_directions": {str(ligne.direction_id): ligne.direction for ligne in lignes},
        "filtree": bool(decision or direction or recherche),
    }


def _contient(ligne: Any, mots: list[str]) -> bool:
    texte = normaliser(f"{ligne.nom} {ligne.code} {ligne.typologie} {ligne.direction}") if mots else ""
    return all(mot in texte for mot in mots)
