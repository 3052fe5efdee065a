"""Balises des pages : menu, liens gardés, indicateur, graphique accompagné de son tableau, pagination."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import RequestContext
from django.utils.safestring import mark_safe

from simulateur import VERSION
from simulateur.web import menu as navigation

register = template.Library()
SORTES_GRAPHIQUE = ("barres", "barres-empilees", "lignes", "intervalles")
HAUTEURS = ("basse", "normale", "haute")
_ESPACES = re.compile(r"[ \t\r\n]+")


@register.inclusion_tag("composants/navigation.html", takes_context=True)
def menu(context: RequestContext) -> dict[str, object]:
    """Premier niveau du menu (et second niveau de la section ouverte)."""
    sections = navigation.menu(context["request"])
    return {"sections": sections}


@register.inclusion_tag("composants/sous_navigation.html", takes_context=True)
def sous_menu(context: RequestContext) -> dict[str, object]:
    """Pages de la section ouverte, quand elle en a plusieurs."""
    ouvertes = [section for section in navigation.menu(context["request"]) if section.ouverte]
    return {"section": ouvertes[0] if ouvertes else None}


@register.simple_tag
def lien_si_existe(route: str, *arguments: Any, **mots: Any) -> str:
    """`{% lien_si_existe "app:page" as adresse %}{% if adresse %}<a href="{{ adresse }}">…{% endif %}`."""
    return navigation.adresse_si_existe(route, *arguments, **mots)


@register.simple_tag
def version_du_projet() -> str:
    return VERSION


@register.simple_tag
def pages_elidees(page: Page[Any]) -> Iterator[str | int]:
    """1 2 … 8 [9] 10 … 40 : les numéros à montrer autour de la page courante."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.inclusion_tag("composants/kpi.html")
def kpi(libelle: str, valeur: Any, unite: str = "", detail: str = "", ton: str = "") -> dict[str, object]:
    """Un indicateur : `{% kpi "ETP calculé" total.etp|nombre:1 unite="ETP" ton="principal" %}`."""
    return {"libelle": libelle, "valeur": valeur, "unite": unite, "detail": detail, "ton": ton}


@register.simple_block_tag
def phrase(content: str) -> str:
    """Un texte écrit sur plusieurs lignes, rendu sur une : `{% phrase as note %}…{% endphrase %}`."""
    # Les espaces insécables d'un nombre, eux, restent : `str.split` les prendrait pour des coupures.
    return mark_safe(_ESPACES.sub(" ", content).strip(" "))


@register.inclusion_tag("composants/graphique.html")
def graphique(
    donnees: Mapping[str, Any],
    *,
    id: str,
    titre: str,
    sorte: str = "barres",
    note: str = "",
    hauteur: str = "normale",
) -> dict[str, object]:
    """Figure : canvas, données JSON et tableau des mêmes valeurs. Forme de `donnees` : voir le gabarit."""
    if sorte not in SORTES_GRAPHIQUE or hauteur not in HAUTEURS:
        raise template.TemplateSyntaxError(
            f"graphique {id} : sorte parmi {SORTES_GRAPHIQUE}, hauteur parmi {HAUTEURS}."
        )
    return {
        "donnees": donnees,
        "id_donnees": f"{id}-donnees",
        "titre": titre,
        "sorte": sorte,
        "note": note,
        "hauteur": hauteur,
        "colonnes": _colonnes(donnees),
        "lignes": _lignes(donnees),
        "decimales": donnees.get("decimales", 0),
    }


def _colonnes(donnees: Mapping[str, Any]) -> list[str]:
    bande = donnees.get("bande")
    noms = [serie["nom"] for serie in donnees["series"]]
    if donnees.get("attendu") is not None:
        noms.append(donnees.get("attendu_nom", "Attendu"))
    if bande:
        noms += [f"{bande.get('nom', 'Bande')} : bas", f"{bande.get('nom', 'Bande')} : haut"]
    return noms


def _lignes(donnees: Mapping[str, Any]) -> list[tuple[Any, list[Any]]]:
    etiquettes = donnees["etiquettes"]
    bande = donnees.get("bande")
    suites = [serie["valeurs"] for serie in donnees["series"]]
    if donnees.get("attendu") is not None:
        suites.append(_etendre(donnees["attendu"], len(etiquettes)))
    if bande:
        suites += [_etendre(bande["bas"], len(etiquettes)), _etendre(bande["haut"], len(etiquettes))]
    return list(zip(etiquettes, map(list, zip(*suites, strict=True)), strict=True))


def _etendre(valeur: Any, longueur: int) -> Sequence[Any]:
    return valeur if isinstance(valeur, list | tuple) else [valeur] * longueur
