"""Pages des heuristiques, de la note de grilles et du vérificateur."""

from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from euromillions.grilles import heuristiques as calculs
from euromillions.grilles import verification
from euromillions.lectures import histoire
from euromillions.models import Backtest, ModeleAppris
from euromillions.pages.contexte import contexte_commun
from euromillions.pages.forms.grilles import FormulaireNote, FormulaireVerification
from euromillions.pages.graphiques import precision as graphiques
from simulateur.models import Etat
from simulateur.pages import gardees
from simulateur.web.refus import Refus


def _etat(_: HttpRequest) -> list[object]:
    """Les tirages, le modèle appris, et les backtests finis dont vient la valeur mesurée des scores."""
    finis = Backtest.objects.filter(etat=Etat.TERMINEE)
    mesures = finis.aggregate(nombre=Count("pk"), dernier=Max("termine_le"))
    return [histoire.revision(), ModeleAppris.objects.values_list("pk", "appris_le").first(), mesures]


@require_safe
@gardees.page(_etat)
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
@gardees.page(_etat)
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
@gardees.page(_etat)
def verificateur(request: HttpRequest) -> HttpResponse:
    """Cette grille a-t-elle déjà gagné ?"""
    formulaire = FormulaireVerification(request.GET if "grille" in request.GET else None)
    contexte = contexte_commun() | {"form": formulaire}
    if formulaire.is_bound and formulaire.is_valid():
        contexte["r"] = verification.verifier(**formulaire.cleaned_data)
    code = 400 if formulaire.is_bound and "r" not in contexte else 200
    return render(request, "euromillions/grilles/verificateur.html", contexte, status=code)
