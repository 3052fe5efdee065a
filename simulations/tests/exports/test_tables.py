"""Une analyse et une comparaison s'emportent : mêmes lignes, mêmes chiffres que l'API, codes compris."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.urls import reverse
from openpyxl import load_workbook

from simulations.analyses.registre import PAR_CODE
from simulations.models import Simulation
from simulations.tests.outils.commandes import dire
from simulations.tests.outils.parcours import lire, petit_reseau, simuler

pytestmark = pytest.mark.django_db


@pytest.fixture
def nationale(api: Any) -> Simulation:
    petit_reseau()
    return simuler(api)


def en_csv(octets: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("code", sorted(PAR_CODE))
def test_chaque_analyse_s_emporte_par_l_api_la_page_et_la_commande(
    api: Any, client_connecte: Any, nationale: Simulation, code: str, tmp_path: Path
) -> None:
    dit = lire(api, f"/api/simulations/{nationale.pk}/{code}")
    attendues = dit.get("lignes") or dit.get("mouvements") or dit.get("modes") or [dit.get("total")]
    fichier = api.get(f"/api/simulations/{nationale.pk}/{code}/fichier", {"format": "csv"})
    assert fichier["Content-Type"].startswith("text/csv")
    lues = en_csv(fichier.content)
    assert len(lues) >= len([ligne for ligne in attendues if ligne])
    xlsx = api.get(f"/api/simulations/{nationale.pk}/{code}/fichier")
    classeur = load_workbook(io.BytesIO(xlsx.content))
    assert classeur.sheetnames[-1] == "Demande"
    assert classeur.worksheets[0].max_row == len(lues) + 1
    page = client_connecte.get(reverse(f"simulations:{code}-fichier", args=[nationale.pk, "csv"]))
    assert en_csv(page.content) == lues
    sortie = tmp_path / "a.csv"
    dire("analyser", code, str(nationale.pk), sortie=sortie)
    assert en_csv(sortie.read_bytes()) == lues
    lien = f"/{code}/fichier.xlsx?"
    assert lien in client_connecte.get(reverse(f"simulations:{code}", args=[nationale.pk])).content.decode()


def en_cellules(octets: bytes) -> dict[str, list[tuple[Any, ...]]]:
    classeur = load_workbook(io.BytesIO(octets))
    return {feuille.title: list(feuille.values) for feuille in classeur}


@pytest.mark.parametrize("code", sorted(PAR_CODE))
def test_le_classeur_est_le_meme_par_les_trois_portes_et_dit_ses_donnees_fictives(
    api: Any, client_connecte: Any, nationale: Simulation, code: str, tmp_path: Path
) -> None:
    Simulation.objects.update(fictive=True)
    par_l_api = api.get(f"/api/simulations/{nationale.pk}/{code}/fichier")
    par_la_page = client_connecte.get(reverse(f"simulations:{code}-fichier", args=[nationale.pk, "xlsx"]))
    sortie = tmp_path / "a.xlsx"
    dire("analyser", code, str(nationale.pk), sortie=sortie)
    cellules = en_cellules(par_l_api.content)
    assert ("simulation · fictif", "oui") in cellules["Demande"]
    assert en_cellules(par_la_page.content) == en_cellules(sortie.read_bytes()) == cellules
    assert {r["Content-Disposition"] for r in (par_l_api, par_la_page)} == {
        f'attachment; filename="{code}-{str(nationale.pk)[:8]}-fictif.xlsx"'
    }


def test_la_comparaison_fictive_le_dit_par_son_nom(
    api: Any, client_connecte: Any, nationale: Simulation
) -> None:
    ids = {"ids": f"{nationale.pk},{simuler(api, corps={'productivite': 80}).pk}", "format": "csv"}
    Simulation.objects.filter(pk=nationale.pk).update(fictive=True)
    par_l_api = api.get("/api/simulations/comparer/fichier", ids)
    par_la_page = client_connecte.get(reverse("simulations:comparer-fichier", args=["csv"]), ids)
    assert {r["Content-Disposition"] for r in (par_l_api, par_la_page)} == {
        'attachment; filename="comparaison-fictif.csv"'
    }


def test_la_comparaison_s_emporte_une_ligne_par_simulation_comparee(
    api: Any, client_connecte: Any, nationale: Simulation, tmp_path: Path
) -> None:
    autre = simuler(api, corps={"productivite": 80, "arrondi": "demi"})
    ids = {"ids": f"{nationale.pk},{autre.pk}", "niveau": "centre"}
    dit = lire(api, "/api/simulations/comparer", **ids)
    lues = en_csv(api.get("/api/simulations/comparer/fichier", {**ids, "format": "csv"}).content)
    assert len(lues) == len(dit["lignes"])
    codes = set(nationale.centres.values_list("nom", "code"))
    assert {(ligne["Centre"], ligne["Code centre"]) for ligne in lues} == codes
    ecart = [ligne["differences"][0]["difference"]["ecart"] for ligne in dit["lignes"]]
    assert [float(ligne["differences · difference · Écart"].replace(",", ".")) for ligne in lues] == ecart
    page = client_connecte.get(reverse("simulations:comparer-fichier", args=["csv"]), ids)
    assert en_csv(page.content) == lues
    montree = client_connecte.get(reverse("simulations:comparer"), {"ids": ids["ids"]}).content.decode()
    assert "comparer/fichier.xlsx?ids=" in montree
    with pytest.raises(CommandError, match="l'extension dit le format"):
        dire("comparer", str(nationale.pk), str(autre.pk), sortie=tmp_path / "c.pdf")
    dire("comparer", str(nationale.pk), str(autre.pk), sortie=tmp_path / "c.xlsx")
    assert load_workbook(tmp_path / "c.xlsx").sheetnames[0] == "Lignes"


def test_une_demande_refusee_ramene_a_la_page_qui_dit_pourquoi(
    api: Any, client_connecte: Any, nationale: Simulation
) -> None:
    adresse = reverse("simulations:incertitude-fichier", args=[nationale.pk, "csv"])
    page = client_connecte.get(adresse, {"tirages": "1"}, follow=True)
    assert page.status_code == 400
    assert "tirages" in page.content.decode()
    assert (
        client_connecte.get(reverse("simulations:couts-fichier", args=[nationale.pk, "pdf"])).status_code
        == 404
    )
    refus = api.get(f"/api/simulations/{nationale.pk}/couts/fichier", {"format": "pdf"})
    assert (refus.status_code, "xlsx" in refus.json()["detail"]) == (400, True)
