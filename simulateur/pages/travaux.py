"""Suivre et annuler un travail depuis une page : le même composant, la même réponse pour chaque sorte."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from simulateur.models import Etat, Travail
from simulateur.travaux import machine
from simulateur.travaux.attente import phrase_d_attente

COMPOSANT = "composants/progression.html"


@dataclass(frozen=True)
class Suivi:
    """Variables de `composants/progression.html`, où chacune est décrite."""

    travail: Travail
    libelle: str
    adresse_suivi: str
    adresse_resultat: str
    adresse_annulation: str = ""
    suite: bool = True

    def en_contexte(self) -> dict[str, object]:
        champs = {nom: getattr(self, nom) for nom in self.__dataclass_fields__}
        return {**champs, "attente": phrase_d_attente(self.travail)}

    def repondre(self, request: HttpRequest) -> HttpResponse:
        """Le fragment, redemandé chaque seconde tant que le travail vit.

        `suite` : sa page montre aussi ce qui suit une fin malheureuse (la raison, de quoi relancer) ; elle se
        recharge donc entière.
        """
        reponse = render(request, COMPOSANT, self.en_contexte())
        if self.suite and self.travail.est_fini and self.travail.etat != Etat.TERMINEE:
            reponse["HX-Refresh"] = "true"
        reponse["Cache-Control"] = "no-store"
        return reponse


def annuler(request: HttpRequest, travail: Travail, *, nom: str, annulee: str, demandee: str = "") -> None:
    """Demande l'annulation et dit ce qu'il en est : trop tard (« `nom` est … »), faite, ou demandée.

    Sans phrase `demandee`, la même que pour une annulation faite.
    """
    deja_fini = travail.est_fini
    atteint = machine.annuler(travail)
    if deja_fini or atteint not in (Etat.EN_COURS, Etat.ANNULEE):
        messages.warning(request, f"Trop tard pour annuler : {nom} est « {atteint.label.lower()} ».")
    elif atteint == Etat.EN_COURS and demandee:
        messages.info(request, demandee)
    else:
        messages.success(request, annulee)
