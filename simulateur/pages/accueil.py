"""La page d'accueil : une carte par application qui en déclare une."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from simulateur.pages import gardees
from simulateur.web import cartes


@gardees.page(lambda request: cartes.montrees_a(request.user))
def accueil(request: HttpRequest) -> HttpResponse:
    return render(request, "simulateur/accueil.html", {"cartes": cartes.montrees_a(request.user)})
