"""Filtres et étiquettes des pages de simulation."""

from typing import Any

from django import template

from referentiels.perms import peut_voir_les_couts
from simulations.analyses import couts
from simulations.analyses.analyse import Analyse
from simulations.analyses.registre import ANALYSES
from simulations.pages.presentation import mode_court

register = template.Library()
register.filter("mode_court", mode_court)
NIVEAUX_EN_MOTS = {
    "poste": "d'un poste",
    "centre": "d'un centre",
    "direction": "d'une direction",
    "national": "nationale",
    "batch": "d'un lot de centres",
}
NOMS_DES_NIVEAUX = {"direction": "Direction", "centre": "Centre"}


@register.filter
def nom_du_niveau(niveau: str) -> str:
    """En-tête de la première colonne d'une analyse : « Direction », « Centre », « Poste »."""
    return NOMS_DES_NIVEAUX.get(niveau, "Poste")


@register.filter
def besoin_ou_surplus(ecart: float | None) -> str:
    """Classe d'un écart : il manque du monde, il y en a trop, ou ni l'un ni l'autre."""
    if not ecart:
        return ""
    return "besoin" if ecart > 0 else "surplus"


@register.filter
def niveau_en_mots(niveau: str) -> str:
    """« Simulation d'une direction », « Simulation nationale »."""
    return NIVEAUX_EN_MOTS.get(niveau, niveau)


@register.simple_tag(takes_context=True)
def analyses(context: Any) -> list[Analyse]:
    """Les analyses du registre ouvertes à ce compte, dans l'ordre des onglets."""
    montres = peut_voir_les_couts(context["request"].user)
    return [analyse for analyse in ANALYSES if montres or analyse.code != couts.ANALYSE.code]
