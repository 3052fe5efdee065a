"""Filtres des pages de simulation."""

from django import template

from simulations.presentation import MODES_EN_MOTS

register = template.Library()
NIVEAUX_EN_MOTS = {
    "poste": "d'un poste",
    "centre": "d'un centre",
    "direction": "d'une direction",
    "national": "nationale",
    "batch": "d'un lot de centres",
}
NOMS_DES_NIVEAUX = {"direction": "Direction", "centre": "Centre"}


@register.filter
def mode_court(mode: str | None) -> str:
    """« recommande » → « recommandé » ; sans mode, l'actuel."""
    return MODES_EN_MOTS.get(mode or "actuel", mode or "").partition(" (")[0].lower()


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
