"""Les comportements des pages dans un vrai navigateur, avec la vraie politique de contenu."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from playwright.sync_api import Page, expect

from simulateur.tests.outils.navigateur import ouvrir_un_onglet
from simulateur.urls import urlpatterns as routes_du_projet

pytestmark = [pytest.mark.complet, pytest.mark.navigateur, pytest.mark.urls(__name__)]

TABLEAU = """
<table id="centres" data-tri>
  <thead><tr><th>Centre</th><th class="nombre">ETP</th><th data-tri="non">Action</th></tr></thead>
  <tbody>
    <tr><th>Zagora</th><td class="nombre">1&#8239;234,5</td><td></td></tr>
    <tr><th>Étampes</th><td class="nombre">—</td><td></td></tr>
    <tr data-suite><td colspan="3">détail d'Étampes</td></tr>
    <tr><th>Fès</th><td class="nombre">&minus;3,0</td><td></td></tr>
    <tr><th>Eaux-Vives</th><td class="nombre">20,0</td><td></td></tr>
  </tbody>
</table>
"""
PAGE = (
    '{% extends "base.html" %}{% block contenu %}'
    '<button id="echange" hx-get="/fragment" hx-target="#zone">Échanger</button>'
    '<label>Filtre <input data-filtre="#centres"></label><output data-filtre-compte="#centres"></output>'
    f'<div id="zone">{TABLEAU}</div>{{% endblock %}}'
)
FRAGMENT = '{% load pages %}{% graphique d id="g" titre="Fréquences" %}' + TABLEAU
DONNEES = {
    "etiquettes": ["1", "2", "3"],
    "series": [{"nom": "Sorties", "valeurs": [10, 14, 9]}],
    "attendu": 11,
    "bande": {"bas": 8, "haut": 14, "nom": "±2σ"},
}


@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))


@login_not_required
def fragment(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(FRAGMENT).render({"d": DONNEES}, request))


urlpatterns = [*routes_du_projet, path("page", page), path("fragment", fragment)]


@pytest.fixture
def onglet(chromium: str, live_server) -> Iterator[Page]:
    """Un onglet étroit, sur la page d'essai."""
    with ouvrir_un_onglet(chromium, viewport={"width": 375, "height": 800}) as onglet:
        onglet.goto(f"{live_server.url}/page")
        yield onglet


def premiere_colonne(onglet: Page) -> list[str]:
    return onglet.locator("#centres tbody tr").evaluate_all(
        "lignes => lignes.map(ligne => ligne.cells[0].textContent)"
    )


def graphiques_vivants(onglet: Page) -> int:
    return onglet.evaluate("Object.keys(window.Chart.instances).length")


def test_le_tableau_se_trie_se_filtre_et_survit_a_un_echange(onglet):
    entete = onglet.locator("#centres thead th")
    entete.nth(0).get_by_role("button").click()
    assert premiere_colonne(onglet) == ["Eaux-Vives", "Étampes", "détail d'Étampes", "Fès", "Zagora"]

    entete.nth(1).get_by_role("button").focus()
    onglet.keyboard.press("Enter")
    expect(entete.nth(1)).to_have_attribute("aria-sort", "descending")
    assert entete.nth(0).get_attribute("aria-sort") is None
    assert premiere_colonne(onglet) == ["Zagora", "Eaux-Vives", "Fès", "Étampes", "détail d'Étampes"]
    onglet.keyboard.press("Enter")
    assert premiere_colonne(onglet) == ["Fès", "Eaux-Vives", "Zagora", "Étampes", "détail d'Étampes"]
    assert entete.nth(2).get_by_role("button").count() == 0

    onglet.fill("[data-filtre]", "ETAMPES")
    expect(onglet.locator("[data-filtre-compte]")).to_have_text("1 sur 4 lignes")
    expect(onglet.locator("#centres tbody tr:visible")).to_have_text(["Étampes—", "détail d'Étampes"])

    onglet.click("#echange")
    expect(onglet.locator("canvas[data-dessine=fait]")).to_be_visible()
    assert graphiques_vivants(onglet) == 1
    expect(onglet.locator("#centres tbody tr:visible")).to_have_count(2)

    # Le second échange remplace le graphique : l'ancien est détruit, il n'en reste qu'un.
    onglet.evaluate("document.querySelector('canvas').dataset.ancien = 'oui'")
    onglet.click("#echange")
    expect(onglet.locator("canvas:not([data-ancien])[data-dessine=fait]")).to_be_visible()
    assert graphiques_vivants(onglet) == 1

    debordement = onglet.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert debordement <= 0
