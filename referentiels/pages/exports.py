"""Télécharger le référentiel au format des imports, ou un gabarit vide."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from referentiels.exports.portee import lire_portee
from referentiels.exports.service import Fichier, exporter, exporter_gabarit
from referentiels.imports.service import Genre
from referentiels.perms import peut_lire
from simulateur.web.piece_jointe import en_piece_jointe
from simulateur.web.refus import Refus


@require_safe
def telecharger(request: HttpRequest, genre: str, format: str) -> HttpResponse:
    """Les paramètres `centre`, `direction`, `typologie` (codes) et `annee` bornent ce qui est pris."""
    _verifier(request, genre)
    demande = {nom: request.GET.get(nom, "")[:60] for nom in ("centre", "direction", "typologie")}
    annee = request.GET.get("annee", "")
    try:
        return _rendre(
            exporter(
                genre, lire_portee(**demande), annee=int(annee) if annee.isdecimal() else None, format_=format
            )
        )
    except Refus as refus:
        raise Http404(str(refus)) from None


@require_safe
def gabarit(request: HttpRequest, genre: str) -> HttpResponse:
    _verifier(request, genre)
    return _rendre(exporter_gabarit(genre))


def _verifier(request: HttpRequest, genre: str) -> None:
    if genre not in Genre.values or not peut_lire(request.user):
        raise Http404


def _rendre(fichier: Fichier) -> HttpResponse:
    return en_piece_jointe(fichier.nom, fichier.type_mime, fichier.octets)
