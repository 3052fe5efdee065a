"""Fixtures communes. Les serveurs, eux, sont démarrés par `simulateur.tests.outils.extension`."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings as reglages
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from simulateur.cache.disjoncteur import disjoncteur
from simulateur.cache.memoire import Memoire
from simulateur.tests.outils import gardes, lois
from simulateur.tests.outils.ailleurs import lecteur_ailleurs
from simulateur.tests.outils.droits import DU_PLANIFICATEUR, accorder
from simulateur.tests.outils.jetons import secret_pour

lois.charger_le_profil()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Un test transactionnel vide les tables : lui rendre les lignes livrées par les migrations."""
    for item in items:
        marque = item.get_closest_marker("django_db")
        transactionnel = marque is not None and bool(marque.kwargs.get("transaction"))
        fixtures = getattr(item, "fixturenames", [])
        if transactionnel or {"transactional_db", "live_server", "grappe"} & set(fixtures):
            options = {**(marque.kwargs if marque else {}), "transaction": True, "serialized_rollback": True}
            item.add_marker(pytest.mark.django_db(**options), append=False)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Sur SQLite, une base en fichier : d'autres fils et d'autres processus doivent pouvoir la lire."""
    base = reglages.DATABASES["default"]
    if base["ENGINE"].endswith("sqlite3"):
        base.setdefault("TEST", {})["NAME"] = str(reglages.DOSSIER_DONNEES / "base-de-test.sqlite3")


@pytest.fixture(autouse=True)
def _cache_vide() -> None:
    """Chaque test part d'un cache vide (donc de limites d'appel neuves) et d'un disjoncteur fermé."""
    disjoncteur.refermer()
    Memoire.tout_oublier()
    for nom in reglages.CACHES:
        if not reglages.CACHES[nom]["BACKEND"].endswith("DatabaseCache"):
            caches[nom].clear()


@pytest.fixture(scope="session")
def dossier_partage() -> Path:
    """Dossier des données de référence d'autrui (`DOSSIER_PARTAGE`), jamais copié dans le projet."""
    dossier = Path(os.environ.get("DOSSIER_PARTAGE") or reglages.BASE_DIR.parent / "shared").resolve()
    if not (dossier / "oracles").is_dir():
        pytest.skip(f"données de référence absentes : {dossier} (donner DOSSIER_PARTAGE)")
    return dossier


@pytest.fixture
def utilisateur(db: None) -> Any:
    """Qui lit, calcule et génère, sans être de l'équipe."""
    compte = get_user_model().objects.create_user("camille", password="mot-de-passe-de-test")
    return accorder(compte, *DU_PLANIFICATEUR)


@pytest.fixture
def utilisateur_staff(db: None) -> Any:
    """Un administrateur : staff et super-utilisateur."""
    return get_user_model().objects.create_superuser("dominique", password="mot-de-passe-de-test")


@pytest.fixture
def client_connecte(utilisateur: Any) -> Client:
    client = Client()
    client.force_login(utilisateur)
    return client


@pytest.fixture
def client_staff(utilisateur_staff: Any) -> Client:
    client = Client()
    client.force_login(utilisateur_staff)
    return client


def _api_de(compte: Any) -> Any:
    from rest_framework.test import APIClient

    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {secret_pour(compte)}")
    return client


@pytest.fixture
def api(utilisateur: Any) -> Any:
    """Client de l'API, avec le jeton d'un utilisateur ordinaire."""
    return _api_de(utilisateur)


@pytest.fixture
def api_staff(utilisateur_staff: Any) -> Any:
    return _api_de(utilisateur_staff)


@pytest.fixture
def lecture_seule() -> Callable[[], AbstractContextManager[None]]:
    """`with lecture_seule(): client.get(…)` : toute écriture en base fait échouer le test."""
    return gardes.lecture_seule_de_la_base


@pytest.fixture
def compter_requetes() -> Callable[[], CaptureQueriesContext]:
    """`with compter_requetes() as requetes: …` puis `len(requetes)`."""
    return lambda: CaptureQueriesContext(connection)


@pytest.fixture
def en_parallele() -> Callable[..., list[Any]]:
    """`en_parallele(f, n)` : n fils partent ensemble, chacun sa connexion ; rend leurs n réponses."""

    def lancer(fonction: Callable[[int], Any], nombre: int) -> list[Any]:
        depart = Barrier(nombre)

        def partir(rang: int) -> Any:
            try:
                depart.wait(20)
                return fonction(rang)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(nombre) as fils:
            return list(fils.map(partir, range(nombre)))

    return lancer


@pytest.fixture
def lancer_grappe(
    transactional_db: None, django_db_serialized_rollback: None, tmp_path: Path
) -> Generator[Callable[..., Any]]:
    """Fabrique de grappes : `lancer_grappe(TRAVAUX_OUVRIERS="1")`, autant de fois que voulu."""
    from simulateur.tests.outils.grappe import grappe_reelle

    with ExitStack() as pile:
        yield lambda **environnement: pile.enter_context(grappe_reelle(tmp_path, **environnement))


@pytest.fixture
def grappe(lancer_grappe: Callable[..., Any]) -> Any:
    """Une vraie grappe qcluster de deux ouvriers sur la base de test."""
    return lancer_grappe()


@pytest.fixture
def lire_ailleurs(utilisateur: Any, transactional_db: None) -> Iterator[Callable[[str], str]]:
    """`lire_ailleurs(adresse)` : la page telle qu'un autre processus, resté en vie, la lit."""
    with lecteur_ailleurs() as lire:
        yield lire


@pytest.fixture(scope="session")
def chromium() -> Iterator[str]:
    """Chemin du navigateur, ou saut du test avec la raison."""
    for nom in ("chromium", "chromium-browser", "google-chrome"):
        if chemin := shutil.which(nom):
            yield chemin
            return
    pytest.skip("aucun Chromium sur cette machine : apt-get install chromium")
