"""manage.py analyser : les options et les chiffres de l'API."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from simulations.api.simulations import ANALYSES
from simulations.models import Simulation
from simulations.tests.outils.parcours import lire, petit_reseau, simuler

pytestmark = pytest.mark.django_db


def _dire(*arguments: Any, **options: Any) -> str:
    sortie = io.StringIO()
    call_command(*arguments, stdout=sortie, **options)
    return sortie.getvalue()


@pytest.fixture
def nationale(api: Any) -> Simulation:
    petit_reseau()
    return simuler(api)


def test_page_api_commande_et_export_disent_le_meme_chiffre(
    api: Any, client_connecte: Any, nationale: Simulation, tmp_path: Path
) -> None:
    exact = float(nationale.etp_calcule)
    assert lire(api, f"/api/async/task/{nationale.pk}")["result"]["data"]["kpis"]["etp_calcule"] == exact
    en_json = json.loads(_dire("simuler", "national", "--sur-place", "--json"))
    assert en_json["data"]["kpis"]["etp_calcule"] == exact
    fichier = tmp_path / "export.xlsx"
    _dire("exporter", str(nationale.pk), vers=fichier)
    totaux = {ligne[0]: ligne[1] for ligne in load_workbook(fichier)["Totaux"].iter_rows(values_only=True)}
    assert totaux["ETP calculé"] == exact
    incertain = lire(api, f"/api/simulations/{nationale.pk}/incertitude")["total"]["etp_calcule"]
    assert incertain == exact
    centres = lire(api, f"/api/simulations/{nationale.pk}/postes", page_size=500)["results"]
    assert sum(round(p["etp_calcule"] * 1e12) for p in centres) == nationale.etp_pico
    page = client_connecte.get(nationale.get_absolute_url()).content.decode()
    assert f"{exact:.2f}".replace(".", ",") in page


@pytest.mark.parametrize("analyse", sorted(ANALYSES))
def test_analyser_dit_exactement_ce_que_dit_l_api(api: Any, nationale: Simulation, analyse: str) -> None:
    centre = nationale.centres.first()
    for options in ({}, {"niveau": "centre"}, {"centre": str(centre.centre_id)}):
        api_dit = lire(api, f"/api/simulations/{nationale.pk}/{analyse}", **options)
        assert json.loads(_dire("analyser", analyse, str(nationale.pk), json=True, **options)) == api_dit
    assert "données fictives" not in _dire("analyser", analyse, str(nationale.pk))


def test_analyser_prend_les_options_de_l_api_et_refuse_les_autres(api: Any, nationale: Simulation) -> None:
    voulu = {"dispersion_co": "30", "graine": "7"}
    options = [f"{nom}={valeur}" for nom, valeur in voulu.items()]
    lu = json.loads(_dire("analyser", "incertitude", str(nationale.pk), option=options, json=True))
    assert lu == lire(api, f"/api/simulations/{nationale.pk}/incertitude", **voulu)
    assert "etp_calcule" in _dire("analyser", "incertitude", str(nationale.pk), option=options)
    for options, phrase in ((["graine=x"], "graine"), (["graine"], "NOM=VALEUR")):
        with pytest.raises(CommandError, match=phrase):
            _dire("analyser", "incertitude", str(nationale.pk), option=options)
    for cle in ("pas-une-cle", "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(CommandError, match="n'existe pas"):
            _dire("analyser", "couts", cle)
    with pytest.raises(CommandError, match="n'est pas dans"):
        _dire("analyser", "couts", str(nationale.pk), direction="999999")
