"""Pages des heuristiques, de la note de grilles et du vérificateur."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from euromillions.grilles import heuristiques as calculs
from euromillions.grilles import verification
from euromillions.models import ModeleAppris
from euromillions.pages.contexte import contexte_commun
from euromillions.pages.forms.grilles import FormulaireNote, FormulaireVerification
from euromillions.pages.graphiques import precision as graphiques
from simulateur.web.refus import Refus


@require_safe
def heuristiques(request: HttpRequest) -> HttpResponse:
    """Écarts, ensembles fréquents et modèle appris, chacun à côté de ce qu'il vaut."""
    ecarts = calculs.ecarts().valeur
    contexte = contexte_commun() | {
        "ecarts": ecarts,
        "figure": graphiques.scores_d_ecart(ecarts["numbers"]),
        "combinaisons": calculs.combinaisons().valeur,
        "valeur": calculs.valeur_des_scores(),
        "modele": ModeleAppris.objects.first(),
    }
    return render(request, "euromillions/grilles/heuristiques.html", contexte)


@require_safe
def noter(request: HttpRequest) -> HttpResponse:
    """Noter et comparer des grilles (l'adresse les porte : rien n'est gardé)."""
    formulaire = FormulaireNote(request.GET if "grilles" in request.GET else None)
    contexte = contexte_commun() | {
        "form": formulaire,
        "valeur": calculs.valeur_des_scores(),
        "partage": calculs.effet_du_partage(),
    }
    if not formulaire.is_bound:
        return render(request, "euromillions/grilles/noter.html", contexte)
    if formulaire.is_valid():
        try:
            contexte["notees"] = calculs.noter(formulaire.cleaned_data["grilles"])
        except Refus as refus:
            formulaire.add_error(None, str(refus))
    code = 200 if "notees" in contexte else 400
    return render(request, "euromillions/grilles/noter.html", contexte, status=code)


@require_safe
def verificateur(request: HttpRequest) -> HttpResponse:
    """Cette grille a-t-elle déjà gagné ?"""
    formulaire = FormulaireVerification(request.GET if "grille" in request.GET else None)
    contexte = contexte_commun() | {"form": formulaire}
    if formulaire.is_bound and formulaire.is_valid():
        contexte["r"] = verification.verifier(**formulaire.cleaned_data)
    code = 400 if formulaire.is_bound and "r" not in contexte else 200
    return render(request, "euromillions/grilles/verificateur.html", contexte, status=code)
