"""Un vrai navigateur pour les tests de pages."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connections
from playwright.sync_api import Page, expect, sync_playwright

OPTIONS_CHROMIUM = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
# Ce qu'une page peut prendre sur une machine chargée, en millisecondes.
DELAI_MS = 60_000


@contextmanager
def ouvrir_un_onglet(chromium: str, **options: Any) -> Iterator[Page]:
    """Un onglet ; toute erreur de la console (dont la politique de contenu) fait échouer le test."""
    erreurs: list[str] = []
    expect.set_options(timeout=DELAI_MS)
    # Playwright tient une boucle asynchrone dans le fil du test, qui lit pourtant la base.
    with patch.dict(os.environ, DJANGO_ALLOW_ASYNC_UNSAFE="true"), sync_playwright() as pilote:
        navigateur = pilote.chromium.launch(executable_path=chromium, args=OPTIONS_CHROMIUM)
        onglet = navigateur.new_page(**options)
        onglet.set_default_timeout(DELAI_MS)
        onglet.on("console", lambda m: erreurs.append(m.text) if m.type in ("error", "warning") else None)
        onglet.on("pageerror", lambda erreur: erreurs.append(str(erreur)))
        yield onglet
        # La boucle a sa propre connexion à la base : la fermer ici, personne d'autre ne le peut.
        connections.close_all()
        navigateur.close()
    assert erreurs == []


def se_connecter(onglet: Page, adresse: str, compte: Any, mot_de_passe: str = "mot-de-passe-de-test") -> None:
    """Demande `adresse`, passe par le formulaire de connexion, et y revient."""
    onglet.goto(adresse)
    onglet.fill("[name=username]", compte.username)
    onglet.fill("[name=password]", mot_de_passe)
    onglet.get_by_role("button", name="Se connecter").click()
