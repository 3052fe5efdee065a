"""Un second processus qui lit le site, avec ses propres mémoires, pendant que le test écrit ici."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from simulateur.tests.outils.grappe import adresse_de_la_base_de_test

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


@contextmanager
def lecteur_ailleurs() -> Iterator[Lire]:
    """`lire(adresse)` : le contenu de la page, lue là-bas par « camille »."""
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
