"""Page, API, commande et export disent le même chiffre."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from simulations.models import Simulation
from simulations.tests.outils.commandes import dire
from simulations.tests.outils.parcours import lire

pytestmark = pytest.mark.django_db


def test_page_api_commande_et_export_disent_le_meme_chiffre(
    api: Any, client_connecte: Any, nationale: Simulation, tmp_path: Path
) -> None:
    exact = float(nationale.etp_calcule)
    assert lire(api, f"/api/async/task/{nationale.pk}")["result"]["data"]["kpis"]["etp_calcule"] == exact
    en_json = json.loads(dire("simuler", "national", "--sur-place", "--json"))
    assert en_json["data"]["kpis"]["etp_calcule"] == exact
    fichier = tmp_path / "export.xlsx"
    dire("exporter", str(nationale.pk), vers=fichier)
    decider = load_workbook(fichier)["Décider"]
    totaux = {ligne[0]: ligne[2] for ligne in decider.iter_rows(values_only=True)}
    assert totaux["ETP calculé"] == exact
    incertain = lire(api, f"/api/simulations/{nationale.pk}/incertitude")["total"]["etp_calcule"]
    assert incertain == exact
    centres = lire(api, f"/api/simulations/{nationale.pk}/postes", page_size=500)["results"]
    assert sum(round(p["etp_calcule"] * 1e12) for p in centres) == nationale.etp_pico
    page = client_connecte.get(nationale.get_absolute_url()).content.decode()
    assert f"{exact:.2f}".replace(".", ",") in page
