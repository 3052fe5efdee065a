"""Les cartes de l'accueil, dans l'ordre des déclarations ; le noyau ne nomme aucune application."""

import re

import pytest
from django.apps import apps
from django.conf import settings

from simulateur.web import cartes

COMMENTAIRE = re.compile(r"{% comment %}.*?{% endcomment %}", re.DOTALL)


@pytest.mark.rapide
@pytest.mark.django_db
def test_l_accueil_montre_chaque_carte_declaree(client_connecte):
    contenu = client_connecte.get("/").content.decode()
    assert re.findall(r'<h2 id="entree-(\w+)"', contenu) == ["effectifs", "euromillions"]


@pytest.mark.rapide
def test_une_carte_declaree_deux_fois_ne_parait_qu_une_fois(monkeypatch):
    monkeypatch.setattr(cartes, "_GABARITS", {})
    for gabarit in ("b.html", "a.html", "b.html"):
        cartes.declarer(gabarit)
    cartes.declarer("c.html", pour=lambda compte: compte == "c")
    assert cartes.montrees_a(None) == ("b.html", "a.html")


@pytest.mark.rapide
def test_aucun_gabarit_du_noyau_ne_nomme_la_route_d_une_application():
    metiers = {config.label for config in apps.get_app_configs()} & {
        "simulations",
        "euromillions",
        "referentiels",
    }
    route = re.compile(rf"['\"](?:{'|'.join(metiers)})[\w-]*:[\w-]+['\"]")
    dossiers = [settings.BASE_DIR / "templates" / nom for nom in ("simulateur", "composants", "registration")]
    fautifs = {
        fichier.name: trouves
        for dossier in dossiers
        for fichier in dossier.glob("**/*.html")
        if (trouves := route.findall(COMMENTAIRE.sub("", fichier.read_text())))
    }
    assert fautifs == {}
