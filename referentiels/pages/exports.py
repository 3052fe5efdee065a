"""Télécharger le référentiel au format des imports, ou un gabarit vide."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from referentiels.exports.portee import lire_portee
from referentiels.exports.service import exporter, exporter_gabarit
from referentiels.imports.service import Genre
from referentiels.lectures.annees import lire_annee
from referentiels.perms import etendue_de, peut_lire, peut_voir_les_couts
from simulateur.web.piece_jointe import en_piece_jointe
from simulateur.web.refus import Refus


@require_safe
def telecharger(request: HttpRequest, genre: str, format: str) -> HttpResponse:
    """`centre`, `direction`, `typologie` (des codes), `annee` et `table` bornent ce qui est pris."""
    _verifier(request, genre)
    demande = {nom: request.GET.get(nom, "")[:60] for nom in ("centre", "direction", "typologie")}
    try:
        annee = lire_annee(request.GET.get("annee"))
        fichier = exporter(
            genre,
            lire_portee(**demande, etendue=etendue_de(request.user)),
            annee=annee,
            format_=format,
            table=request.GET.get("table", "")[:60],
            couts=peut_voir_les_couts(request.user),
        )
        return en_piece_jointe(fichier)
    except Refus as refus:
        raise Http404(str(refus)) from None


@require_safe
def gabarit(request: HttpRequest, genre: str) -> HttpResponse:
    _verifier(request, genre)
    return en_piece_jointe(exporter_gabarit(genre, etendue_de(request.user)))


def _verifier(request: HttpRequest, genre: str) -> None:
    if genre not in Genre.values or not peut_lire(request.user):
        raise Http404
