"""EuroMillions dans un vrai navigateur : l'administrateur importe, un lecteur ouvre chaque page."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from euromillions.models import EtatImport, ImportTirages, Tirage
from euromillions.tests.outils.fabriques import histoire_reelle
from euromillions.tests.outils.imports import MINIATURES
from simulateur.tests.outils.navigateur import ouvrir_un_onglet, se_connecter

pytestmark = pytest.mark.navigateur
# Les pages d'un lecteur, et ce que chacune dessine.
AVEC_GRAPHIQUE = ("frequences", "repartitions")
PAGES = (
    *("accueil", "tirages", "ecarts", "combinaisons", "uniformite", "gains"),
    *("heuristiques", "noter", "verificateur", *AVEC_GRAPHIQUE),
)


@pytest.fixture
def onglet(chromium: str, live_server: Any) -> Iterator[Page]:
    with ouvrir_un_onglet(chromium, base_url=live_server.url, locale="fr-FR") as onglet:
        yield onglet


def test_l_administrateur_relit_un_fichier_puis_l_importe(onglet: Page, utilisateur_staff: Any) -> None:
    se_connecter(onglet, reverse("euromillions-imports:liste"), utilisateur_staff)
    onglet.set_input_files("input[type=file]", MINIATURES / "fdj_2016.csv")
    onglet.get_by_role("button", name="Lire le fichier").click()
    expect(onglet.get_by_role("heading", level=1)).to_have_text("fdj_2016.csv")
    assert not Tirage.objects.exists()
    onglet.get_by_role("button", name="Importer").click()
    expect(onglet.get_by_role("button", name="Importer")).to_have_count(0)
    assert Tirage.objects.count() == 2
    assert ImportTirages.objects.get().etat == EtatImport.APPLIQUE
    onglet.goto(reverse("euromillions:tirages"))
    expect(onglet.get_by_role("main")).to_contain_text("17/01/2017")


@pytest.mark.complet
def test_un_lecteur_ouvre_chaque_page_sans_une_erreur(onglet: Page, utilisateur: Any) -> None:
    histoire_reelle()
    se_connecter(onglet, reverse("euromillions:accueil"), utilisateur)
    for nom in PAGES:
        reponse = onglet.goto(reverse(f"euromillions:{nom}"))
        assert reponse is not None
        assert reponse.ok, nom
        if nom in AVEC_GRAPHIQUE:
            expect(onglet.locator("canvas[data-dessine=fait]").first).to_be_visible()
        debordement = onglet.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert debordement <= 0, nom
