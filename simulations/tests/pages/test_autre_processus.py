"""Un autre processus, qui garde ses propres mémoires, lit aussitôt ce que celui-ci vient d'écrire."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from referentiels.models import Centre, Parametre, VolumeAnnuel
from simulateur.tests.outils.grappe import adresse_de_la_base_de_test
from simulations.tests.outils.pages import simulation_terminee
from simulations.tests.outils.reseau import direction_a_simuler

LECTEUR = """
import json, sys, django
django.setup()
from django.contrib.auth import get_user_model
from django.test import Client
client = Client(SERVER_NAME="localhost")
client.force_login(get_user_model().objects.get(username="camille"))
for adresse in sys.stdin:
    reponse = client.get(adresse.strip())
    print(json.dumps([reponse.status_code, reponse.content.decode()]), flush=True)
"""
Lire = Callable[[str], str]


@pytest.fixture
def lire_ailleurs(utilisateur: Any, transactional_db: None) -> Iterator[Lire]:
    env = {
        **os.environ,
        "DATABASE_URL": adresse_de_la_base_de_test(),
        "DJANGO_SETTINGS_MODULE": "simulateur.settings",
        "NIVEAU_JOURNAL": "ERROR",
        "REDIS_URL": str(settings.CACHES["default"]["LOCATION"]),
    }
    autre = subprocess.Popen(
        [sys.executable, "-c", LECTEUR],
        cwd=Path(settings.BASE_DIR),
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert autre.stdin
    assert autre.stdout

    def lire(adresse: str) -> str:
        autre.stdin.write(f"{adresse}\n")
        autre.stdin.flush()
        statut, contenu = json.loads(autre.stdout.readline())
        assert statut == 200, contenu[:500]
        return str(contenu)

    try:
        yield lire
    finally:
        autre.stdin.close()
        autre.wait(20)
        autre.stdout.close()


def test_ce_qui_change_ici_se_lit_la_bas_aussitot(lire_ailleurs, utilisateur):
    direction = direction_a_simuler(2)
    centre = direction.centres.first()
    simulation = simulation_terminee(direction, demandeur=utilisateur)
    pages = {
        "direction": reverse("simulations:direction", args=[direction.pk]),
        "centre": reverse("simulations:centre", args=[centre.pk]),
        "résultat": simulation.get_absolute_url(),
        "api": f"/api/directions/{direction.pk}/centres",
    }
    for adresse in pages.values():
        lire_ailleurs(adresse)  # gardée là-bas, en mémoire comme dans le cache

    Centre.objects.filter(pk=centre.pk).update(nom="Centre renommé ici")
    assert "Centre renommé ici" in lire_ailleurs(pages["direction"])
    assert "Centre renommé ici" in lire_ailleurs(pages["centre"])
    assert "Centre renommé ici" in lire_ailleurs(pages["api"])
    assert "Le référentiel a changé depuis" in lire_ailleurs(pages["résultat"])

    VolumeAnnuel.objects.filter(centre=centre).update(volume=987654)
    assert "987" in lire_ailleurs(pages["centre"])
    assert "les volumes de 2026 ont changé depuis" in lire_ailleurs(pages["résultat"])

    parametre = Parametre.objects.filter(par_flux=True).first()
    Parametre.objects.filter(pk=parametre.pk).update(nom="Règle renommée ici")
    assert "Règle renommée ici" in lire_ailleurs(pages["direction"])

    simulation_terminee(direction, demandeur=utilisateur, productivite=61)
    assert lire_ailleurs(pages["direction"]).count("simulations/") > 1


def test_un_droit_donne_ici_se_voit_la_bas_aussitot(lire_ailleurs, utilisateur):
    assert "Administration" not in lire_ailleurs("/")
    get_user_model().objects.filter(pk=utilisateur.pk).update(is_staff=True)
    assert "Administration" in lire_ailleurs("/")
    assert "Cache" in lire_ailleurs("/exploitation/cache")
