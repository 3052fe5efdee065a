"""Filtres des pages de simulation."""

from django import template

from simulations.presentation import MODES_EN_MOTS

register = template.Library()


@register.filter
def mode_court(mode: str | None) -> str:
    """« recommande » → « recommandé » ; sans mode, l'actuel."""
    return MODES_EN_MOTS.get(mode or "actuel", mode or "").partition(" (")[0].lower()
