"""Pages de lancement : une direction, le pays, un lot de centres."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from referentiels.lectures.referentiel import Ligne
from referentiels.models import Direction
from referentiels.perms import etendue_de
from simulateur.langue.texte import normaliser
from simulateur.pages import gardees
from simulateur.travaux.machine import CleDejaUtilisee
from simulateur.web.refus import SaisieRefusee
from simulations import perms
from simulations.calculs.lancement import lancer
from simulations.demandes.cibles import LOT_MAX, Cible
from simulations.models import Simulation
from simulations.pages import etats, lecture
from simulations.pages.forms import FormulaireLancement, FormulaireLot
from simulations.pages.presentation import Contexte

DERNIERES = 5
TROUVES_MAX = 40
RECHERCHE_MAX = 100
Page = Callable[..., HttpResponse]


def _qui_lance(vue: Page) -> Page:
    """Un envoi est refusé avant d'être lu ; la page, elle, se lit sans le droit de lancer."""

    @wraps(vue)
    def gardee(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if request.method == "POST" and not perms.peut_lancer(request.user):
            raise PermissionDenied
        return vue(request, *args, **options)

    return gardee


def _qui_voit_le_pays(vue: Page) -> Page:
    @wraps(vue)
    def gardee(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        perms.exiger_le_pays(request.user)
        return vue(request, *args, **options)

    return gardee


@require_http_methods(["GET", "HEAD", "POST"])
@_qui_lance
@gardees.page(etats.direction)
def direction(request: HttpRequest, direction_id: int) -> HttpResponse:
    """Les centres d'une direction et son formulaire de lancement."""
    try:
        page = lecture.page_direction(direction_id, etendue_de(request.user))
    except Direction.DoesNotExist:
        raise Http404 from None
    formulaire = FormulaireLancement(
        request.POST or None,
        catalogue=page.catalogue,
        annees=lecture.annees_proposees(),
        direction_id=direction_id,
        depart=depart_demande(request),
        cle=gardees.cle_de_formulaire(request),
    )
    if request.method == "POST" and formulaire.is_valid():
        visee = Direction.objects.visible_par(request.user).get(pk=direction_id)
        cible: Cible = {"niveau": Simulation.Niveau.DIRECTION, "direction": visee}
        if lancee := _lancer(request, formulaire, cible):
            return redirect(lancee)
    dernieres = (
        Simulation.objects.visible_par(request.user)
        .pour_historique()
        .filter(direction_id=direction_id)[:DERNIERES]
    )
    contexte = {
        "direction": page.direction,
        "centres": page.centres,
        "effectif": sum(centre["effectif_actuel"] or 0 for centre in page.centres if centre["actif"]),
        "fictive": any(centre["fictif"] for centre in page.centres),
        "form": formulaire,
        "dernieres": dernieres,
        "fil": [("Directions", reverse("simulations:directions")), (page.direction["nom"], None)],
    }
    return render(request, "simulations/direction.html", contexte, status=_statut(formulaire))


@require_http_methods(["GET", "HEAD", "POST"])
@_qui_lance
@_qui_voit_le_pays
@gardees.page(etats.nationale)
def nationale(request: HttpRequest) -> HttpResponse:
    """Lancer la simulation de tout le réseau."""
    formulaire = FormulaireLancement(
        request.POST or None,
        catalogue=lecture.catalogue(),
        annees=lecture.annees_proposees(),
        depart=depart_demande(request),
        cle=gardees.cle_de_formulaire(request),
    )
    if request.method == "POST" and formulaire.is_valid():
        cible: Cible = {"niveau": Simulation.Niveau.NATIONAL}
        if lancee := _lancer(request, formulaire, cible):
            return redirect(lancee)
    nationales = Simulation.objects.pour_historique().filter(niveau=Simulation.Niveau.NATIONAL)
    dernieres = list(nationales[:DERNIERES])
    fictive = any(simulation.fictive for simulation in dernieres)
    contexte = {"form": formulaire, "dernieres": dernieres, "fictive": fictive}
    return render(request, "simulations/nationale.html", contexte, status=_statut(formulaire))


@require_http_methods(["GET", "HEAD", "POST"])
@_qui_lance
@gardees.page(etats.lot)
def lot(request: HttpRequest) -> HttpResponse:
    """Lancer la simulation d'un lot de centres choisis."""
    centres, catalogue = lecture.centres_et_catalogue(etendue_de(request.user))
    choix = _Choix(centres, request.POST if request.method == "POST" else request.GET)
    formulaire = FormulaireLot(
        request.POST or None,
        existants=[centre["id"] for centre in centres],
        catalogue=catalogue,
        annees=lecture.annees_proposees(),
        depart=depart_demande(request),
        cle=gardees.cle_de_formulaire(request),
    )
    if request.method == "POST" and formulaire.is_valid():
        cible: Cible = {"niveau": Simulation.Niveau.BATCH, "centre_ids": formulaire.cleaned_data["centres"]}
        if lancee := _lancer(request, formulaire, cible):
            return redirect(lancee)
    contexte = {"form": formulaire, **choix.contexte()}
    return render(request, "simulations/lot.html", contexte, status=_statut(formulaire))


@require_safe
@gardees.page(etats.lot)
def choix_de_centres(request: HttpRequest) -> HttpResponse:
    """Fragment : les centres déjà choisis, puis ceux que la recherche trouve."""
    centres, _ = lecture.centres_et_catalogue(etendue_de(request.user))
    return render(request, "simulations/_choix_de_centres.html", _Choix(centres, request.GET).contexte())


class _Choix:
    """Le choix en cours parmi tous les centres : cochés, trouvés, directions proposées."""

    def __init__(self, centres: Sequence[Ligne], donnees: QueryDict) -> None:
        self.centres = centres
        self.coches = set(donnees.getlist("centres"))
        self.recherche = donnees.get("recherche", "")[:RECHERCHE_MAX]
        self.direction = donnees.get("dans", "")

    def contexte(self) -> Contexte:
        mots = normaliser(self.recherche).split()
        choisis = [centre for centre in self.centres if str(centre["id"]) in self.coches]
        trouves = [
            centre
            for centre in self.centres
            if str(centre["id"]) not in self.coches
            and self.direction in ("", str(centre["direction_id"]))
            and self._contient(centre, mots)
        ]
        return {
            "choisis": choisis,
            "trouves": trouves[:TROUVES_MAX],
            "nb_trouves": len(trouves),
            "reste": max(0, len(trouves) - TROUVES_MAX),
            "maximum": LOT_MAX,
            "en_trop": max(0, len(choisis) - LOT_MAX),
            "recherche": self.recherche,
            "dans": self.direction,
            "directions": {str(c["direction_id"]): c["direction_nom"] for c in self.centres},
            "fictives": any(centre["fictif"] for centre in self.centres),
        }

    def _contient(self, centre: Ligne, mots: list[str]) -> bool:
        if not mots:
            return True
        texte = normaliser(f"{centre['code']} {centre['nom']} {centre['typologie_code']}")
        return all(mot in texte for mot in mots)


def _lancer(request: HttpRequest, formulaire: FormulaireLancement, cible: Cible) -> Simulation | None:
    """La simulation lancée, la même pour le même envoi reçu deux fois ; None si le formulaire dit un conflit.

    Le même envoi peut demander autre chose : une année laissée vide suit les volumes importés entre-temps.
    """
    try:
        return lancer(
            demande=formulaire.demande,
            demandeur=request.user,
            annee=formulaire.annee_voulue,
            cle=formulaire.cle_idempotence(cible),
            **cible,
        )
    except CleDejaUtilisee:
        formulaire.refuser_la_cle()
    except SaisieRefusee as refus:
        formulaire.add_error(None, refus.phrases)
    return None


def _statut(formulaire: FormulaireLancement) -> int:
    return 409 if formulaire.en_conflit else 200


def depart_demande(request: HttpRequest) -> dict[str, Any] | None:
    """Les paramètres de la simulation à reprendre (`?depuis=…`), si elle existe."""
    try:
        cle = UUID(request.GET.get("depuis", ""))
    except ValueError:
        return None
    return (
        Simulation.objects.visible_par(request.user)
        .filter(pk=cle)
        .values_list("parametres", flat=True)
        .first()
    )
