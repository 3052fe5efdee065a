"""Filtres et étiquettes des pages de simulation."""

from django import template

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


@register.simple_tag
def analyses() -> tuple[Analyse, ...]:
    """Les analyses du registre, dans l'ordre des onglets."""
    return ANALYSES
