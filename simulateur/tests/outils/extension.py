"""Extension pytest chargée par `-p`, avant que pytest-django ne lise les réglages.

Elle démarre de vrais serveurs (Valkey, PostgreSQL) une fois pour toute la session et en donne l'adresse
par l'environnement ; chaque processus de test a ses trois bases de cache et sa base de données.
`SIMULATEUR_TEST_BASE=sqlite` remplace PostgreSQL par SQLite.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[3]
ADRESSES = "SIMULATEUR_TEST_SERVEURS"
BASES_ADMISES = ("postgres", "sqlite")
# Réglages que le poste du développeur pourrait avoir posés : les tests partent des valeurs par défaut.
A_OUBLIER = (
    "ALLOWED_HOSTS",
    "API_LIMITE_ANONYME",
    "API_LIMITE_UTILISATEUR",
    "CONN_MAX_AGE",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "IMPORT_TAILLE_MAX_OCTETS",
    "PROMETHEUS_MULTIPROC_DIR",
    "SIMULATEUR_MODE",
    "TIME_ZONE",
    "TRAVAUX_BATTEMENT_PERDU_S",
    "TRAVAUX_DELAI_REPRISE_S",
    "TRAVAUX_DELAI_S",
    "TRAVAUX_OUVRIERS",
    "TRAVAUX_REPRISE_S",
)


def base_voulue() -> str:
    base = os.environ.get("SIMULATEUR_TEST_BASE", "") or "postgres"
    if base not in BASES_ADMISES:
        raise pytest.UsageError(f"SIMULATEUR_TEST_BASE vaut « {base} » : choisir postgres ou sqlite.")
    return base


def numero_de_processus() -> int:
    """0 hors de xdist, sinon 0 pour gw0, 1 pour gw1…"""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    if ADRESSES not in os.environ:
        gardien = _lancer_le_gardien(base_voulue())
        early_config.add_cleanup(lambda: _congedier(gardien))
    _poser_l_environnement(json.loads(os.environ[ADRESSES]))
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    # Les vrais hachages coûtent un quart de seconde par compte créé.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_report_header() -> str:
    return f"serveurs de test : Valkey et {base_voulue()}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Des tests de navigateur sautés se disent en rouge, dernière ligne avant le bilan."""
    sautes = [un for un in terminalreporter.stats.get("skipped", []) if "navigateur" in un.keywords]
    if sautes:
        terminalreporter.line(
            f"ATTENTION, tests de navigateur sautés faute de Chromium : {len(sautes)}.",
            red=True,
            bold=True,
        )


def _lancer_le_gardien(base: str) -> "subprocess.Popen[bytes]":
    gardien = subprocess.Popen(
        [sys.executable, "-m", "simulateur.tests.outils.gardien", base],
        cwd=RACINE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert gardien.stdout is not None
    ligne = gardien.stdout.readline()
    reponse = json.loads(ligne) if ligne else {"erreur": "le gardien n'a rien répondu"}
    if "erreur" in reponse:
        gardien.communicate(timeout=30)
        raise pytest.UsageError(f"les serveurs de test n'ont pas démarré : {reponse['erreur']}")
    os.environ[ADRESSES] = json.dumps(reponse)
    return gardien


def _congedier(gardien: "subprocess.Popen[bytes]") -> None:
    assert gardien.stdin is not None
    assert gardien.stdout is not None
    os.environ.pop(ADRESSES, None)
    gardien.stdin.close()
    gardien.wait(30)
    gardien.stdout.close()


def _poser_l_environnement(adresses: dict[str, str]) -> None:
    for nom in A_OUBLIER:
        os.environ.pop(nom, None)
    donnees = Path(tempfile.mkdtemp(prefix="t", dir=Path(adresses["dossier"]) / "donnees"))
    os.environ["SECRET_KEY"] = "cle-reservee-aux-tests"
    os.environ["DOSSIER_DONNEES"] = str(donnees)
    os.environ["DATABASE_URL"] = adresses.get("base") or f"sqlite:///{donnees / 'tests.sqlite3'}"
    os.environ["REDIS_URL"] = f"{adresses['redis']}?db={3 * numero_de_processus()}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "simulateur.settings"
