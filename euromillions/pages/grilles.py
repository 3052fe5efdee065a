"""Pages des grilles : lancer, suivre, retrouver les siennes."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from euromillions.grilles import relance, restitution
from euromillions.grilles.lancement import lancer
from euromillions.models import Generation, Tirage
from euromillions.pages.contexte import contexte_commun
from euromillions.pages.forms.grilles import FormulaireGeneration
from euromillions.pages.graphiques import precision as graphiques
from euromillions.perms import (
    peut_annuler_la_generation,
    peut_relancer_la_generation,
    peut_voir_la_generation,
)
from euromillions.precision import strategies
from simulateur.models import Etat
from simulateur.pages import travaux
from simulateur.pages.travaux import Suivi
from simulateur.web.refus import Refus, refus_en_message

PAR_PAGE = 30
GRILLES_PAR_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
def grilles(request: HttpRequest) -> HttpResponse:
    """Formulaire de lancement et générations de la personne (toutes pour le personnel)."""
    formulaire = FormulaireGeneration(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            return redirect(lancer(formulaire.demande, demandeur=request.user))
        except Refus as refus:
            formulaire.add_error(None, str(refus))
    visibles = Generation.objects.visibles_par(request.user).pour_la_liste()
    contexte = contexte_commun() | {
        "form": formulaire,
        "page": Paginator(visibles, PAR_PAGE).get_page(request.GET.get("page")),
    }
    code = 400 if request.method == "POST" else 200
    return render(request, "euromillions/grilles/liste.html", contexte, status=code)


@require_safe
def precision(request: HttpRequest) -> HttpResponse:
    """Ce que chaque stratégie a vraiment trouvé, à côté de ce que le hasard donne."""
    lignes = strategies.en_lignes(strategies.lire().valeur)
    contexte = contexte_commun() | {
        "lignes": lignes,
        "figure_numeros": graphiques.precision(lignes, "numbers", axe_y="Numéros par grille"),
        "figure_etoiles": graphiques.precision(lignes, "stars", axe_y="Étoiles par grille"),
    }
    return render(request, "euromillions/grilles/precision.html", contexte)


@require_safe
def generation(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Vivante : sa progression ; terminée : ses grilles, jugées ou en attente de leur tirage."""
    lue = lire_generation(request, cle)
    contexte = {
        **contexte_commun(),
        **_suivi(request, lue).en_contexte(),
        "generation": lue,
        "relancable": relance.relancable(lue) and peut_relancer_la_generation(request.user, lue),
        "fil": [("Mes grilles", reverse("euromillions:grilles")), (str(lue), None)],
    }
    if lue.etat == Etat.TERMINEE:
        page = Paginator(restitution.grilles_de(lue), GRILLES_PAR_PAGE).get_page(request.GET.get("page"))
        contexte |= {"page": page, "tirage": Tirage.objects.filter(date=lue.cible).first()}
    return render(request, "euromillions/grilles/generation.html", contexte)


@require_safe
def suivi(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Fragment de progression, redemandé chaque seconde tant que la génération vit."""
    return _suivi(request, lire_generation(request, cle)).repondre(request)


@require_POST
def annuler(request: HttpRequest, cle: UUID) -> HttpResponse:
    lue = lire_generation(request, cle)
    travaux.annuler(request, lue, nom="la génération", annulee="Annulation demandée.")
    return redirect(lue)


@require_POST
@refus_en_message("euromillions:generation")
def relancer(request: HttpRequest, cle: UUID) -> HttpResponse:
    lue = lire_generation(request, cle)
    if not peut_relancer_la_generation(request.user, lue):
        raise PermissionDenied
    relance.relancer(lue)
    messages.success(request, "Génération remise en file.")
    return redirect(lue)


def lire_generation(request: HttpRequest, cle: UUID) -> Generation:
    """404 si elle n'existe pas ou n'est pas à cette personne : rien ne dit qu'elle existe."""
    lue: Generation | None = Generation.objects.select_related("demandeur").filter(pk=cle).first()
    if lue is None or not peut_voir_la_generation(request.user, lue):
        raise Http404("Aucune génération n'a cet identifiant.")
    return lue


def _suivi(request: HttpRequest, lue: Generation) -> Suivi:
    annulable = not lue.est_fini and peut_annuler_la_generation(request.user, lue)
    return Suivi(
        travail=lue,
        libelle=str(lue),
        adresse_suivi=reverse("euromillions:generation-suivi", args=[lue.pk]),
        adresse_annulation=reverse("euromillions:generation-annuler", args=[lue.pk]) if annulable else "",
        adresse_resultat=lue.get_absolute_url(),
    )
