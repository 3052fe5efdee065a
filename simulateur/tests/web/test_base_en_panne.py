"""Disque plein, verrou tenu par un autre processus : 503 et une phrase, sondes debout, rien à moitié."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import DataError, InterfaceError, InternalError, OperationalError, connection
from knox.crypto import hash_token

from simulateur.models import Jeton
from simulateur.tests.outils.grappe import adresse_de_la_base_de_test
from simulateur.web import base_en_panne

DELAI_S = 300
PREPARER = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.contrib.auth import get_user_model
from simulateur.models import Jeton
from knox.crypto import hash_token
compte = get_user_model().objects.create_superuser("dominique", password="mot-de-passe-d-essai")
Jeton.objects.bulk_create([Jeton(user=compte, nom="essai", portee="ecriture", digest=hash_token("k" * 40))])
"""
ESSAYER = """
from django.conf import settings
from django.db import connections
if connections["default"].vendor == "sqlite":
    connections.databases["default"]["OPTIONS"]["timeout"] = 1
from django.test import Client
from rest_framework.test import APIClient
site = Client(raise_request_exception=False, headers={"host": "localhost"})
SONDES = ("/vivant", "/pret")
jeton = "Token " + "k" * 40
api = APIClient(raise_request_exception=False, headers={"host": "localhost", "authorization": jeton})
dits = [site.get(sonde).status_code for sonde in SONDES]
gros = {"code": "R1", "nom": "Région d'essai"}
ecrite = api.post("/api/regions", gros, format="json")
dits += [ecrite.status_code, ecrite.json().get("detail", "")]
page = site.post("/connexion", {"username": "dominique", "password": "mot-de-passe-d-essai"})
dits += [page.status_code, "rien n&#x27;a été enregistré" in page.content.decode()]
print("\\n".join(map(str, dits)))
"""
MESURES = """
from django.test import Client
print(Client(headers={"host": "localhost"}).get("/metrics").status_code)
"""
COMPTER = "from referentiels.models import Region; print(Region.objects.count())"


def jouer(base: Path | str, code: str, **environnement: str) -> list[str]:
    """Ce que dit un vrai processus du site sur cette base : un fichier SQLite, ou une adresse."""
    env = {
        **os.environ,
        **environnement,
        "DATABASE_URL": f"sqlite:///{base}" if isinstance(base, Path) else base,
        "DJANGO_SETTINGS_MODULE": "simulateur.settings",
        "PYTHONWARNINGS": "ignore",
    }
    fait = subprocess.run(
        [sys.executable, "-c", f"import django\ndjango.setup()\n{code}"],
        env=env,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=DELAI_S,
        check=False,
    )
    assert fait.returncode == 0, fait.stderr
    return fait.stdout.splitlines()


def remplir(lest: Path) -> None:
    with lest.open("wb", buffering=0) as plein:
        while True:
            plein.write(b"\0" * 512)


@pytest.fixture
def petit_disque(tmp_path: Path) -> Iterator[Path]:
    """Un disque de 16 Mio pour la base."""
    monte = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(tmp_path)], capture_output=True, check=False
    )
    if monte.returncode:
        pytest.skip("monter un petit disque demande d'être root")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


@pytest.mark.complet
@pytest.mark.panne("disque de la base plein", "503 et une phrase, sondes debout, rien à moitié écrit")
def test_un_disque_plein_refuse_les_ecritures_sans_tomber(petit_disque: Path) -> None:
    base = petit_disque / "base.sqlite3"
    jouer(base, PREPARER)
    lest = petit_disque / "lest"
    with pytest.raises(OSError, match="No space left"):
        remplir(lest)
    vivant, pret, statut, phrase, page, dite = jouer(base, ESSAYER)
    assert (vivant, pret, statut, page, dite) == ("200", "503", "503", "503", "True")
    assert "plein" in phrase
    lest.unlink()
    assert jouer(base, COMPTER) == ["0"]
    vivant, pret, statut, _, page, _ = jouer(base, ESSAYER)
    assert (vivant, pret, statut, page) == ("200", "200", "201", "302")


@pytest.mark.complet
@pytest.mark.panne("verrou tenu sur la base", "503 et une phrase, sondes debout, puis tout repart")
def test_un_verrou_tenu_refuse_les_ecritures_sans_tomber(tmp_path: Path) -> None:
    base = tmp_path / "base.sqlite3"
    jouer(base, PREPARER)
    tenue = sqlite3.connect(base)
    tenue.execute("BEGIN IMMEDIATE")
    try:
        vivant, pret, statut, phrase, page, dite = jouer(base, ESSAYER)
    finally:
        tenue.rollback()
        tenue.close()
    assert (vivant, pret, statut, page, dite) == ("200", "200", "503", "503", "True")
    assert jouer(base, COMPTER) == ["0"]
    assert "occupée" in phrase
    assert jouer(base, ESSAYER)[2] == "201"


@pytest.mark.complet
@pytest.mark.panne("base en lecture seule", "503 et une phrase, /pret le dit, /vivant et /metrics répondent")
def test_une_base_en_lecture_seule_refuse_les_ecritures_sans_tomber(
    transactional_db: None, utilisateur_staff: Any
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("la lecture seule de PostgreSQL")
    connu = Jeton(user=utilisateur_staff, nom="essai", portee="ecriture", digest=hash_token("k" * 40))
    connu.save()
    seule = {"PGOPTIONS": "-c default_transaction_read_only=on"}
    vivant, pret, statut, phrase, page, dite = jouer(adresse_de_la_base_de_test(), ESSAYER, **seule)
    assert (vivant, pret, statut, page, dite) == ("200", "503", "503", "503", "True")
    assert "lecture seule" in phrase
    assert jouer(adresse_de_la_base_de_test(), MESURES, **seule) == ["200"]


@pytest.mark.complet
@pytest.mark.panne("base partie", "503 et une phrase, /vivant et /metrics répondent")
def test_une_base_partie_se_dit_sans_tomber(tmp_path: Path) -> None:
    partie = f"postgres://simulateur:@/simulateur?host={quote(str(tmp_path))}"
    vivant, pret, statut, phrase, page, dite = jouer(partie, ESSAYER)
    assert (vivant, pret, statut, page, dite) == ("200", "503", "503", "503", "True")
    assert "ne répond pas" in phrase
    assert jouer(partie, MESURES) == ["200"]


@pytest.mark.rapide
@pytest.mark.parametrize(
    ("erreur", "mot"),
    [
        (OperationalError("database is locked"), "occupée"),
        (OperationalError("database or disk is full"), "plein"),
        (OperationalError('could not extend file "base/1": No space left on device'), "plein"),
        (OperationalError("attempt to write a readonly database"), "lecture seule"),
        (InternalError("cannot execute UPDATE in a read-only transaction"), "lecture seule"),
        (OperationalError("server closed the connection unexpectedly"), "ne répond pas"),
        (InterfaceError("connection already closed"), "ne répond pas"),
    ],
)
def test_une_panne_de_la_base_a_sa_phrase(erreur: Exception, mot: str) -> None:
    assert mot in base_en_panne.phrase(erreur)


@pytest.mark.rapide
@pytest.mark.parametrize(
    "erreur", [OperationalError("no such column: x"), DataError("out of range"), ValueError("locked"), None]
)
def test_un_bug_du_code_n_est_pas_une_panne_de_la_base(erreur: Any) -> None:
    assert base_en_panne.phrase(erreur) == ""
