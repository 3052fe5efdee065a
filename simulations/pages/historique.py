"""La liste des simulations."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from referentiels.perms import etendue_de
from simulateur.models import Etat
from simulateur.pages import gardees
from simulations import perms
from simulations.models import Simulation
from simulations.pages import etats, lecture
from simulations.pages.forms_historique import FormulaireHistorique
from simulations.resultats.historique import filtrer

SIMULATIONS_PAR_PAGE = 50


@require_safe
@gardees.page(etats.historique)
def liste(request: HttpRequest) -> HttpResponse:
    """Historique : filtres, pages, relancer ou annuler."""
    etendue = etendue_de(request.user)
    directions = [(ligne["id"], ligne["nom"]) for ligne in lecture.directions(etendue)]
    filtre = FormulaireHistorique(request.GET, directions=directions)
    trouvees = Simulation.objects.none()
    if filtre.is_valid():
        trouvees = filtrer(Simulation.objects.visible_par(request.user).pour_historique(), filtre.criteres)
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
    contexte = {
        "filtre": filtre,
        "page": page,
        "lignes": lignes,
        "toutes_fictives": fictives,
        "voit_le_pays": etendue.pays,
    }
    return render(request, "simulations/liste.html", contexte)
