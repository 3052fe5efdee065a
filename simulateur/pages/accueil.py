"""La page d'accueil : une carte par application qui en déclare une."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from simulateur.web import cartes


def accueil(request: HttpRequest) -> HttpResponse:
    return render(request, "simulateur/accueil.html", {"cartes": cartes.declarees()})
