"""Se connecter : une adresse qui s'y trompe trop attend, quel que soit le compte qu'elle essaie."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from simulateur.cache import echecs
from simulateur.web.adresse import adresse_du_client

# Un bureau partage souvent une adresse : bien au-dessus de ce qui ferme un compte (AXES_FAILURE_LIMIT).
CONNEXIONS_MANQUEES_MAX = 50
SORTE = "connexions"


class Connexion(LoginView):
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if echecs.nombre(SORTE, adresse_du_client(request)) >= CONNEXIONS_MANQUEES_MAX:
            contexte = {"failure_limit": CONNEXIONS_MANQUEES_MAX, "par_adresse": True}
            return render(request, "registration/verrouille.html", contexte, status=429)
        reponse: HttpResponse = super().post(request, *args, **options)
        return reponse

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        echecs.noter(SORTE, adresse_du_client(self.request))
        return super().form_invalid(form)
