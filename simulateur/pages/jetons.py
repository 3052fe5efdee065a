"""Mes jetons d'API : en créer un, dont le secret ne se montre qu'une fois, et en révoquer."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from simulateur.cache import fermetures, usages
from simulateur.models import Jeton
from simulateur.models.jetons import DUREE_JOURS
from simulateur.web.refus import DejaPris, Refus

DUREES = ((30, "30 jours"), (90, "90 jours"), (DUREE_JOURS, "un an"), ("", "il n'expire pas"))


class FormulaireDeJeton(forms.ModelForm):
    duree_jours = forms.TypedChoiceField(
        label="Durée", choices=DUREES, coerce=int, empty_value=None, required=False, initial=DUREE_JOURS
    )

    class Meta:
        model = Jeton
        fields = ("nom", "portee")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["portee"] = forms.ChoiceField(label="Portée", choices=Jeton.Portee.choices)

    def emettre(self, compte: Any) -> str | None:
        """Le secret du jeton créé ; None, et la faute dans le formulaire, s'il est refusé."""
        try:
            _, secret = Jeton.objects.emettre(compte, **self.cleaned_data)
        except DejaPris as refus:
            self.add_error("nom", refus.champs["nom"][0])
            return None
        except Refus as refus:
            self.add_error(None, str(refus))
            return None
        return secret


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mes_jetons(request: HttpRequest) -> HttpResponse:
    """Créé, le secret est dans cette réponse et nulle part ailleurs : ni session, ni cache, ni journal."""
    formulaire = FormulaireDeJeton(request.POST if request.method == "POST" else None)
    secret = None
    if request.method == "POST" and formulaire.is_valid():
        secret = formulaire.emettre(request.user)
    contexte = {
        "form": FormulaireDeJeton() if secret else formulaire,
        "secret": secret,
        "jetons": usages.completer(Jeton.objects.de(request.user)),
    }
    return render(request, "simulateur/compte/jetons.html", contexte)


@require_POST
def revoquer(request: HttpRequest, id: int) -> HttpResponse:
    jeton = get_object_or_404(Jeton.objects.de(request.user), pk=id)
    jeton.delete()
    messages.success(request, f"Jeton « {jeton} » révoqué : il n'ouvre plus rien.")
    return redirect("mes-jetons")


@require_POST
def fermer_les_sessions(request: HttpRequest) -> HttpResponse:
    """Toutes, celle-ci comprise ; ses jetons aussi, si la case est cochée."""
    fermetures.tout_fermer(request.user, jetons="jetons" in request.POST)
    logout(request)
    messages.success(request, "Toutes vos sessions sont fermées, sur tous les postes.")
    return redirect("connexion")
