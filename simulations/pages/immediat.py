"""Page du calcul immédiat d'un centre : ses postes, les tâches de l'un d'eux, ou ses trois modes."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from referentiels.models import Centre
from simulateur.web.refus import Refus
from simulations import perms
from simulations.calculs.immediat import comparer_les_modes_du_centre, simuler_centre, simuler_poste
from simulations.demandes.fautes import identifiant
from simulations.pages import lecture
from simulations.pages.forms import FormulaireLancement
from simulations.pages.presentation import MODES_EN_MOTS, Contexte
from simulations.resultats.pont import pont_en_mots


@require_http_methods(["GET", "HEAD", "POST"])
def centre(request: HttpRequest, centre_id: int) -> HttpResponse:
    """Rien n'est écrit : un POST parce que quatre-vingts champs ne tiennent pas dans une adresse."""
    if not perms.peut_lancer(request.user):
        raise PermissionDenied
    lu = get_object_or_404(Centre.objects.visible_par(request.user).select_related("direction"), pk=centre_id)
    formulaire = FormulaireLancement(
        request.POST or None,
        catalogue=lecture.catalogue(),
        annees=lecture.annees_proposees(),
        direction_id=lu.direction_id,
    )
    contexte: Contexte = {
        "centre": lu,
        "form": formulaire,
        "fil": [
            ("Directions", reverse("simulations:directions")),
            (lu.direction.nom, reverse("simulations:direction", args=[lu.direction_id])),
            (lu.nom, reverse("simulations:centre", args=[lu.pk])),
            ("Simuler", None),
        ],
    }
    statut = 200
    if request.method == "POST" and formulaire.is_valid():
        try:
            contexte |= _calculer(request, lu, formulaire)
        except Refus as refus:
            contexte["refus"], statut = str(refus), refus.statut
    statut = 400 if formulaire.errors else statut
    return render(request, "simulations/centre_simuler.html", contexte, status=statut)


def _calculer(request: HttpRequest, lu: Centre, formulaire: FormulaireLancement) -> Contexte:
    demande, annee = formulaire.demande, formulaire.annee_voulue
    if "modes" in request.POST:
        modes = comparer_les_modes_du_centre(lu, demande, annee)["modes"]
        return {"modes": [{**mode, "libelle": MODES_EN_MOTS[mode["mode"]]} for mode in modes]}
    resultat = simuler_centre(lu, demande, annee)
    calcule: Contexte = {
        "resultat": resultat,
        "pont": pont_en_mots(resultat["kpis"], demande.parametres.arrondi),
    }
    tenu = lu.centre_postes.filter(pk=identifiant(request.POST.get("poste")) or 0).first()
    if tenu is not None:
        tenu.centre = lu
        calcule["poste"] = simuler_poste(tenu, demande, annee)
    return calcule
