"""Rien de périmé : après chaque geste, chaque page et lecture est celle qu'un cache vide rendrait."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from euromillions.models import Ere, ModeleAppris, PrixGrille, Tirage
from euromillions.tests.outils.fabriques import MARDI, un_tirage
from simulateur.tests.outils.gardees import lire, perimees

pytestmark = pytest.mark.django_db
PAGES = ("accueil", "tirages", "frequences", "ecarts", "combinaisons", "repartitions", "uniformite", "gains")
PAGES += ("heuristiques", "noter", "verificateur")


def _un_modele() -> None:
    ModeleAppris.objects.create(revision=1, tirages=60, logloss=0.3, logloss_constante=0.32, resultats={})


def _une_ere_renommee() -> None:
    ere = Ere.objects.dans_l_ordre().last()
    ere.nom = "Ère neuve"
    ere.save()


def _un_tirage_corrige() -> None:
    tirage = Tirage.objects.order_by("-date").first()
    tirage.n5 = 49 if tirage.n5 != 49 else 50
    tirage.save()


GESTES: dict[str, Callable[[], Any]] = {
    "un tirage de plus": lambda: un_tirage().save(),
    "un tirage corrigé": _un_tirage_corrige,
    "un tirage supprimé": lambda: Tirage.objects.order_by("date").first().delete(),
    "une ère renommée": _une_ere_renommee,
    "un prix changé": lambda: PrixGrille.objects.update(montant=3),
    "un modèle appris": _un_modele,
}


@pytest.mark.parametrize("nom", GESTES)
def test_apres_un_geste_chaque_lecture_est_celle_d_un_cache_vide(
    nom, petite_histoire, client_connecte, client_staff
):
    adresses = [reverse(f"euromillions:{page}") for page in PAGES]
    adresses += ["/euromillions/numeros/7", f"/euromillions/tirages/{petite_histoire[0]:%Y-%m-%d}"]
    adresses += [f"/api/euromillions/{chemin}" for chemin in ("draws", "quick-stats", "eras", "years")]
    clients = [client_connecte, client_staff]
    lire(clients, adresses)
    GESTES[nom]()
    assert perimees(clients, adresses) == []


def test_une_page_gardee_vaut_un_jour(petite_histoire, client_connecte, monkeypatch, compter_requetes):
    """Le prochain tirage et les dates manquantes avancent avec le calendrier."""
    adresse = reverse("euromillions:accueil")
    client_connecte.get(adresse)
    with compter_requetes() as gardee:
        client_connecte.get(adresse)
    demain = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr("simulateur.cache.cles.timezone.localdate", lambda: demain)
    with compter_requetes() as neuve:
        client_connecte.get(adresse)
    assert len(neuve) > len(gardee)


def test_un_tirage_saisi_ici_se_lit_aussitot_dans_un_autre_processus(lire_ailleurs):
    for rang in range(3):
        un_tirage(MARDI + timedelta(days=7 * rang)).save()
    adresses = [reverse(f"euromillions:{page}") for page in ("accueil", "tirages", "frequences")]
    for adresse in adresses:
        lire_ailleurs(adresse)  # gardée là-bas
    un_tirage(MARDI + timedelta(days=21), numeros=(7, 8, 9, 10, 11)).save()
    assert "4 tirages" in lire_ailleurs(adresses[2])
    jour = f"{MARDI + timedelta(days=21):%d/%m/%Y}"
    assert jour in lire_ailleurs(adresses[1])
    assert jour in lire_ailleurs(adresses[0])
