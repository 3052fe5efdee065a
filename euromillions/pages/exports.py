"""Emporter ce qu'une page montre. Une demande fausse ramène à la page, qui dit pourquoi."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from euromillions.lectures import exports as contenus
from euromillions.lectures import histoire
from euromillions.lectures.forms import FormulaireListe
from euromillions.models import Tirage
from euromillions.pages.filtre import lire_le_formulaire
from simulateur.fichiers.tableaux import FORMATS
from simulateur.web.piece_jointe import en_piece_jointe

PAGES = {"tirages": "tirages", "frequences": "frequences", "paires": "combinaisons"}


@require_safe
def selection(request: HttpRequest, contenu: str, format: str) -> HttpResponse:
    """Aux filtres de l'adresse ; les tirages, à ceux de leur liste."""
    if contenu not in PAGES or format not in FORMATS:
        raise Http404
    revision = histoire.revision()
    formulaire = lire_le_formulaire(request, revision, FormulaireListe)
    if not formulaire.is_valid():
        return redirect(f"{reverse(f'euromillions:{PAGES[contenu]}')}?{request.GET.urlencode()}")
    if contenu in contenus.DE_LA_SELECTION:
        return en_piece_jointe(contenus.DE_LA_SELECTION[contenu](formulaire.filtre, revision, format))
    choisis = formulaire.choisis(Tirage.objects.all())
    demande = {nom: valeur for nom in request.GET if nom != "page" and (valeur := request.GET.get(nom, ""))}
    return en_piece_jointe(contenus.tirages(choisis, demande, revision, format))


@require_safe
def mes_grilles(request: HttpRequest, format: str) -> HttpResponse:
    if format not in FORMATS:
        raise Http404
    return en_piece_jointe(contenus.grilles(request.user, histoire.revision(), format))
