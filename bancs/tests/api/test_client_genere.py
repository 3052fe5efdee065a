"""Un client fabriqué depuis le schéma par un générateur usuel fait tout un parcours."""

import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from simulateur.fichiers.tableaux import TYPES_MIME
from simulateur.tests.outils.jetons import secret_pour
from simulations.exports import services
from simulations.tests.outils.parcours import finir, petit_reseau

pytestmark = pytest.mark.complet
PAQUET = "client_genere"
DELAI_S = 120
Module = Callable[[str], Any]


@pytest.fixture
def client_genere(tmp_path: Path, api: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Module]:
    """`client_genere("api.exports.exports_retrieve")` : ce module du client fabriqué."""
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(api.get("/api/schema?format=json").json()))
    reglages = tmp_path / "reglages.json"
    # Le générateur ne lit de lui-même que JSON, texte et octets : un classeur est des octets.
    binaires = dict.fromkeys(
        [*services.TYPES_MIME.values(), *TYPES_MIME.values()], "application/octet-stream"
    )
    reglages.write_text(json.dumps({"content_type_overrides": binaires, "post_hooks": []}))
    commande = ["generate", "--path", str(schema), "--output-path", str(tmp_path / PAQUET), "--meta", "none"]
    commande += ["--config", str(reglages)]
    fait = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", *commande],
        capture_output=True,
        text=True,
        timeout=DELAI_S,
        check=False,
    )
    assert fait.returncode == 0, fait.stdout + fait.stderr
    assert "ERROR" not in fait.stdout + fait.stderr
    assert "endpoint" not in fait.stdout.lower(), fait.stdout  # une opération qu'il n'aurait pas su faire
    monkeypatch.syspath_prepend(str(tmp_path))
    yield lambda nom: importlib.import_module(f"{PAQUET}.{nom}" if nom else PAQUET)
    for charge in [nom for nom in sys.modules if nom.partition(".")[0] == PAQUET]:
        del sys.modules[charge]


@pytest.fixture
def connecte(client_genere: Module, live_server: Any, utilisateur: Any) -> Iterator[Any]:
    jeton = secret_pour(utilisateur)
    fabrique = client_genere("client").AuthenticatedClient
    client = fabrique(base_url=live_server.url, token=jeton, prefix="Token", raise_on_unexpected_status=True)
    with client:  # sa connexion gardée tiendrait celle du serveur à la base
        yield client


@pytest.fixture
def appeler(client_genere: Module, connecte: Any) -> Callable[..., Any]:
    """`appeler("directions_list", page=1)` : la réponse, lue dans sa forme."""

    def appeler(operation: str, *arguments: Any, **options: Any) -> Any:
        dossier = Path(client_genere("").__path__[0]) / "api"
        (module,) = dossier.glob(f"*/{operation}.py")
        appel = client_genere(f"api.{module.parent.name}.{operation}").sync
        return appel(*arguments, client=connecte, **options)

    return appeler


def test_le_client_genere_se_connecte_liste_lance_suit_compare_et_exporte(
    client_genere: Module, appeler: Callable[..., Any], transactional_db: None
) -> None:
    direction, _ = petit_reseau()
    modeles = client_genere("models")
    page = appeler("directions_list")
    assert (page.count, page.results[0].code) == (2, direction.code)

    cles = []
    for heures in (8.0, 7.0):
        corps = modeles.DemandeSimulationRequest(heures_jour=heures)
        lance = appeler("async_simulation_direction_create", direction.pk, body=corps)
        assert lance.status == "PENDING"
        assert appeler("async_task_retrieve", str(lance.task_id)).state == "PENDING"
        finir(str(lance.task_id))
        suivi = appeler("async_task_retrieve", str(lance.task_id))
        assert (suivi.state, suivi.progress) == ("SUCCESS", 100)
        assert suivi.result["data"]["kpis"]["nb_centres"] == 2
        cles.append(UUID(str(lance.task_id)))

    comparees = appeler("simulations_comparer_retrieve", ids=",".join(map(str, cles)))
    assert [ligne["id"] for ligne in comparees["simulations"]] == [str(cle) for cle in cles]

    fichier = appeler("simulations_export_retrieve", cles[0])
    assert fichier.payload.read(2) == b"PK"

    refus = appeler("async_task_retrieve", "00000000-0000-0000-0000-000000000000")
    assert isinstance(refus, modeles.Erreur)
    assert refus.detail
