"""manage.py exporter."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from simulations.models import Simulation
from simulations.tests.outils.commandes import dire
from simulations.tests.outils.parcours import finir

pytestmark = pytest.mark.django_db


def test_exporter_n_ecrase_pas_sans_ledire(nationale: Simulation, tmp_path: Path) -> None:
    fichier = tmp_path / "export.zip"
    fichier.write_text("à garder")
    with pytest.raises(CommandError, match="existe déjà"):
        dire("exporter", str(nationale.pk), vers=fichier, format="csv")
    assert fichier.read_text() == "à garder"
    dire("exporter", str(nationale.pk), vers=fichier, format="csv", ecraser=True)
    for cle in ("pas-une-cle", "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(CommandError, match="n'existe pas"):
            dire("exporter", cle, vers=tmp_path / "autre")


def test_exporter_une_simulation_en_file_est_refuse(api: Any, nationale: Simulation, tmp_path: Path) -> None:
    en_file = api.post("/api/async/simulation/nationale", {}, format="json").json()["task_id"]
    with pytest.raises(CommandError, match="terminée"):
        dire("exporter", en_file, vers=tmp_path / "x")
    finir(en_file)
