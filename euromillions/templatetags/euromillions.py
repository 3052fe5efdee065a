"""Phrases et formats propres aux pages EuroMillions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template

from euromillions.jeu.prix import NOTE_DU_RETOUR
from simulateur.templatetags.formats import ABSENT, nombre, pourcent, signe

register = template.Library()


def _manque(valeur: Any) -> bool:
    """Une statistique absente : None, ou le texte vide qu'un gabarit met à la place."""
    return valeur is None or valeur == ""


@register.simple_tag
def note_du_retour() -> str:
    """Ce qu'un retour ne compte pas, à dire partout où il se montre."""
    return NOTE_DU_RETOUR


@register.filter
def jour_iso(valeur: str | None) -> str:
    """« 2026-08-21 » → « 21/08/2026 »."""
    return f"{date.fromisoformat(valeur):%d/%m/%Y}" if valeur else ABSENT


@register.filter
def memoire(valeur: str | None) -> str:
    """« 1.25M », comme l'écrit le serveur de cache → « 1,25 Mo »."""
    return f"{valeur[:-1].replace('.', ',')}\u202f{valeur[-1].replace('B', '')}o" if valeur else ABSENT


@register.filter
def chance(probabilite: Any) -> str:
    """0.186 → « 19 fois sur 100 » ; 0.0004 → « 4 fois sur 10 000 »."""
    if _manque(probabilite):
        return ABSENT
    if probabilite >= 0.995:
        return "presque toujours"
    for base in (100, 1_000, 10_000, 100_000, 1_000_000):
        fois = round(probabilite * base)
        if fois >= 2 or (fois == 1 and base == 100):
            return f"{nombre(fois)} fois sur {nombre(base)}"
    return "moins de 2 fois sur 1 000 000"


@register.filter
def une_sur(inverse: Any) -> str:
    """Une chance sur… : une décimale tant qu'elle se lit, aucune au-delà de mille."""
    return ABSENT if _manque(inverse) else nombre(inverse, 0 if inverse >= 1_000 else 1)


@register.filter
def en_pourcent(part: Any, decimales: int = 1) -> str:
    return ABSENT if _manque(part) else pourcent(100 * part, decimales)


@register.filter
def div100(valeur: Any) -> float | None:
    return None if _manque(valeur) else valeur / 100


@register.filter
def bornes(bas: Any, haut: Any) -> str:
    return f"{nombre(bas)} à {nombre(haut)}"


@register.filter
def intervalle(mesure: Mapping[str, Any], decimales: int) -> str:
    """« 0,4912 à 0,5131 », ou la raison qui l'empêche : un intervalle a ses deux bornes ou n'existe pas."""
    bas, haut = mesure["ci_low"], mesure["ci_high"]
    if bas is None or haut is None:
        return mesure.get("reason") or ABSENT
    return f"{nombre(bas, decimales)} à {nombre(haut, decimales)}"


@register.filter
def espacer(profil: str) -> str:
    """« 12011 » → « 1 2 0 1 1 »."""
    return " ".join(profil)


@register.filter
def part_avec_suite(suites: Mapping[str, Any]) -> str:
    """Part des tirages qui ont au moins deux numéros qui se suivent."""
    total = sum(suites["counts"].values())
    return pourcent(100 * (total - suites["counts"]["0"]) / total, 1) if total else ABSENT


@register.filter
def lecture_p(p: Any) -> str:
    """Ce qu'un p permet de dire ; sans p, rien."""
    if _manque(p):
        return ABSENT
    if p >= 0.05:
        return "compatible avec le hasard"
    return f"le hasard en donne autant {chance(p)}"


@register.filter
def phrase_du_test(test: Mapping[str, Any] | None) -> str:
    """Ce que dit un test d'ajustement, pour la note d'une figure."""
    if test is None or _manque(test["p"]):
        return ""
    resume = f"X² {nombre(test['chi2'], 1)} pour {test['df']} degrés, p = {nombre(test['p'], 3)}"
    return f"{resume} : {lecture_p(test['p'])}."


@register.filter
def phrase_attendu(boule: Mapping[str, Any]) -> str:
    return f"{nombre(boule['expected'], 1)} attendues, écart réduit {signe(boule['z'], 2)}"


@register.filter
def phrase_absence(boule: Mapping[str, Any]) -> str:
    p = boule["p_current_gap_by_chance"]
    return "" if p is None else f"aussi longue ou plus {chance(p)}, par hasard"


@register.filter
def phrase_ecart_attendu(boule: Mapping[str, Any]) -> str:
    attendu = boule["expected_gap"]
    return "" if attendu is None else f"{nombre(attendu, 1)} attendu"


@register.filter
def phrase_periode(periode: dict[str, str | None]) -> str:
    return f"du {jour_iso(periode['start'])} au {jour_iso(periode['end'])}"
