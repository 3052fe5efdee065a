"""De la connexion au tableau, dans un vrai navigateur, sur un vrai serveur et une vraie grappe."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from simulateur.tests.outils.navigateur import ouvrir_un_onglet, se_connecter
from simulateur.travaux import machine
from simulations.models import Simulation
from simulations.tests.outils.pages import simulation_terminee
from simulations.tests.outils.reseau import direction_a_simuler

CENTRES = 4
pytestmark = pytest.mark.navigateur


@pytest.fixture
def onglet(chromium: str, live_server: Any) -> Iterator[Page]:
    with ouvrir_un_onglet(chromium, base_url=live_server.url, locale="fr-FR") as onglet:
        yield onglet


def remplacer_la_liste(onglet: Page, geste: Callable[[], None]) -> None:
    """Fait le geste, puis attend que la liste qu'il redemande soit reçue et posée.

    Un geste sur une case est un clic, jamais `check()` : la case cliquée est remplacée par la réponse, et
    `check()` la chercherait encore pour vérifier son état.
    """
    with onglet.expect_response(lambda reponse: reverse("simulations:choix-de-centres") in reponse.url):
        geste()
    expect(onglet.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def test_on_lance_on_voit_la_barre_avancer_puis_le_tableau(
    onglet: Page, utilisateur: Any, lancer_grappe: Callable[..., Any]
) -> None:
    direction = direction_a_simuler(CENTRES)
    se_connecter(onglet, reverse("simulations:directions"), utilisateur)
    onglet.get_by_role("link", name=direction.nom).click()
    onglet.fill("[name=productivite]", "80,5")
    onglet.get_by_role("button", name="Lancer la simulation").click()

    barre = onglet.locator("[data-progression]")
    expect(barre).to_have_attribute("data-etat", "en_file")
    simulation = Simulation.objects.get()
    assert simulation.jeu_de_parametres.productivite == 80.5

    # Un premier ouvrier s'arrête à mi-chemin : la barre le suit sans qu'on touche à la page.
    prise = machine.reclamer(simulation)
    assert prise is not None
    prise.avancer(2, CENTRES, f"2 centres sur {CENTRES}")
    expect(barre).to_have_attribute("data-progression", "50")
    expect(barre).to_contain_text("2 centres sur 4")
    expect(onglet).to_have_title("50 % · " + direction.nom + " · Simulateur")
    prise.rendre(0)

    # La vraie grappe la reprend : le résultat s'ouvre de lui-même.
    lancer_grappe(TRAVAUX_OUVRIERS="1")
    table = onglet.locator("#table-centres")
    expect(table.locator("tbody tr")).to_have_count(CENTRES)
    expect(onglet.locator("canvas[data-dessine=fait]").first).to_be_visible()
    expect(onglet.locator("[hx-trigger]")).to_have_count(0)

    centre = direction.centres.order_by("nom").first()
    onglet.fill("[data-filtre='#table-centres']", centre.code)
    expect(table.locator("tbody tr:visible")).to_have_count(1)
    table.get_by_role("link", name=centre.nom, exact=True).click()
    onglet.locator("#postes").get_by_role("link").first.click()
    expect(onglet.locator("#taches")).to_contain_text("÷ 264 jours")


@pytest.mark.complet
def test_le_serveur_trie_la_table_sans_perdre_la_recherche_tapee(onglet: Page, utilisateur: Any) -> None:
    """Le cadre de la table est remplacé sur place : la page ne se recharge pas, et l'adresse garde le tri."""
    simulation = simulation_terminee(direction_a_simuler(CENTRES), demandeur=utilisateur)
    garde, autre, *_ = simulation.centres.order_by("nom")
    se_connecter(onglet, simulation.get_absolute_url(), utilisateur)
    table = onglet.locator("#table-centres")
    recherche = onglet.locator("[data-filtre='#table-centres']")
    recherche.fill(garde.code)
    expect(table.locator("tbody tr:visible")).to_have_count(1)
    entete = table.get_by_role("columnheader", name="Heures / jour")
    entete.get_by_role("link").click()
    expect(entete).to_have_attribute("aria-sort", "descending")
    expect(onglet).to_have_url(re.compile(r"\?tri=-heures$"))
    expect(recherche).to_have_value(garde.code)
    expect(table.locator("tbody tr:visible")).to_have_count(1)
    recherche.fill("")
    expect(table.get_by_role("link", name=autre.nom, exact=True)).to_be_visible()


@pytest.mark.complet
def test_on_coche_des_centres_d_un_lot_en_cherchant(onglet: Page, utilisateur: Any) -> None:
    direction = direction_a_simuler(CENTRES)
    centres = list(direction.centres.order_by("nom"))
    se_connecter(onglet, reverse("simulations:directions"), utilisateur)
    onglet.goto(reverse("simulations:lot"))
    liste, recherche = onglet.locator("#choix-liste"), onglet.locator("#recherche-centre")
    remplacer_la_liste(onglet, lambda: recherche.fill(centres[0].code))
    expect(liste.locator("input")).to_have_count(1)
    remplacer_la_liste(onglet, liste.locator("input").click)
    expect(liste).to_contain_text("Choisis : 1 sur 50")
    remplacer_la_liste(onglet, lambda: recherche.fill(centres[1].code))
    expect(liste.locator("input:not(:checked)")).to_have_count(1)
    remplacer_la_liste(onglet, lambda: recherche.press("Enter"))
    expect(liste.locator("input:checked")).to_have_count(1)
    remplacer_la_liste(onglet, liste.locator("input:not(:checked)").click)
    expect(liste).to_contain_text("Choisis : 2 sur 50")
    onglet.get_by_role("button", name="Lancer la simulation du lot").click()
    expect(onglet.locator("[data-progression]")).to_have_attribute("data-etat", "en_file")
    assert Simulation.objects.get().centre_ids == sorted(centre.pk for centre in centres[:2])
