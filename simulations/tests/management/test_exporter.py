"""manage.py exporter : le fichier, jamais écrasé sans le dire."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from simulations.models import Simulation
from simulations.tests.outils.parcours import finir, petit_reseau, simuler

pytestmark = pytest.mark.django_db


def _dire(*arguments: Any, **options: Any) -> str:
    sortie = io.StringIO()
    call_command(*arguments, stdout=sortie, **options)
    return sortie.getvalue()


@pytest.fixture
def nationale(api: Any) -> Simulation:
    petit_reseau()
    return simuler(api)


def test_exporter_n_ecrase_pas_sans_le_dire(nationale: Simulation, tmp_path: Path) -> None:
    fichier = tmp_path / "export.zip"
    fichier.write_text("à garder")
    with pytest.raises(CommandError, match="existe déjà"):
        _dire("exporter", str(nationale.pk), vers=fichier, format="csv")
    assert fichier.read_text() == "à garder"
    _dire("exporter", str(nationale.pk), vers=fichier, format="csv", ecraser=True)
    for cle in ("pas-une-cle", "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(CommandError, match="n'existe pas"):
            _dire("exporter", cle, vers=tmp_path / "autre")


def test_exporter_une_simulation_en_file_est_refuse(api: Any, nationale: Simulation, tmp_path: Path) -> None:
    en_file = api.post("/api/async/simulation/nationale", {}, format="json").json()["task_id"]
    with pytest.raises(CommandError, match="terminée"):
        _dire("exporter", en_file, vers=tmp_path / "x")
    finir(en_file)
