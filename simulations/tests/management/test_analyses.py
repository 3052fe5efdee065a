"""Les commandes disent ce que disent l'API et le fichier."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from referentiels.models import CentrePoste, Direction
from referentiels.tests.outils.factories import ProduitFactory, TacheFactory
from simulateur.langue.nombres import signe
from simulations.analyses.registre import PAR_CODE
from simulations.models import Simulation
from simulations.tests.outils.parcours import finir, lire, petit_reseau, simuler

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


def test_comparer_imprime_les_causes_de_l_api(api: Any, nationale: Simulation) -> None:
    autre = simuler(api, "nationale", {"temps_mort": 60})
    texte = _dire("comparer", str(nationale.pk), str(autre.pk))
    total = lire(api, "/api/simulations/comparer", ids=f"{nationale.pk},{autre.pk}")["total"][0]
    assert signe(total["pourquoi"]["capacite"]["etp"], 3) in texte
    en_json = json.loads(_dire("comparer", str(nationale.pk), str(autre.pk), json=True))
    assert en_json["total"][0] == total


@pytest.mark.parametrize("cles", [["x", "y"], ["00000000-0000-4000-8000-000000000000"] * 2])
def test_comparer_des_cles_fausses_est_une_phrase(cles: list[str]) -> None:
    with pytest.raises(CommandError):
        _dire("comparer", *cles)


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


def test_purger_simulations_compte_a_blanc(nationale: Simulation) -> None:
    Simulation.objects.update(termine_le="2020-01-01T00:00:00Z")
    assert "À blanc : 1 simulation" in _dire("purger_simulations", a_blanc=True)
    assert _dire("purger_simulations").startswith("1 simulation")
    assert not Simulation.objects.exists()
    with pytest.raises(CommandError, match="jours"):
        _dire("purger_simulations", jours=0)


def test_couverture_liste_les_regles_manquantes(nationale: Simulation) -> None:
    TacheFactory(produit=ProduitFactory(code="INVENTE"))
    assert "INVENTE" in _dire("couverture")
    direction = Direction.objects.get(pk=nationale.centres.first().direction_id)
    assert "INVENTE" not in _dire("couverture", direction=direction.code)
    with pytest.raises(CommandError, match="inconnue"):
        _dire("couverture", direction="ZZZ")


@pytest.mark.parametrize("analyse", sorted(PAR_CODE))
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


def test_simuler_un_centre_et_un_poste_dit_ce_que_dit_l_api(api: Any, nationale: Simulation) -> None:
    tenu = CentrePoste.objects.filter(taches__isnull=False).select_related("centre", "poste")[0]
    for niveau, codes, chemin in (
        ("centre", [tenu.centre.code], f"centre/{tenu.centre_id}"),
        ("poste", [tenu.centre.code, tenu.poste.code], f"poste/{tenu.pk}"),
        ("modes", [tenu.centre.code], f"centre/{tenu.centre_id}/modes"),
    ):
        corps = {"mode": "actuel", "global_params": {"productivite": "80"}}
        dit = api.post(f"/api/simulation/{chemin}", corps, format="json").json()
        commande = _dire("simuler", niveau, *codes, parametre=["productivite=80"], json=True)
        assert json.loads(commande) == dit
        assert tenu.centre.nom in _dire("simuler", niveau, *codes)
    for arguments, phrase in (
        (("centre", "NULLE-PART"), "inconnu"),
        (("centre",), "simuler centre CODE"),
        (("poste", tenu.centre.code, "PERSONNE"), "n'a pas de poste"),
    ):
        with pytest.raises(CommandError, match=phrase):
            _dire("simuler", *arguments)


def test_simuler_un_scenario_par_la_commande(api: Any, nationale: Simulation) -> None:
    corps = {"nom": "Été", "productivite": 80}
    pk = api.post("/api/scenarios", corps, format="json").json()["id"]
    lu = json.loads(_dire("simuler", "national", scenario=pk, sur_place=True, json=True))
    assert lu["data"]["parametres"]["productivite"] == 80
    assert lu["data"]["report"]["scenario"] == "Été"
    for options, phrase in (
        ({"scenario": 10**6}, "n'existe pas"),
        ({"scenario": pk, "mode": "optimise"}, "ne pas les redonner"),
        ({"annee": 12}, "1990"),
    ):
        with pytest.raises(CommandError, match=phrase):
            _dire("simuler", "national", **options)
