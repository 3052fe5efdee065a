"""Un backtest emporté : le même fichier par les deux portes, ses manques dits, jamais un zéro inventé."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from euromillions.grilles import lancement
from euromillions.grilles.reglement import regler
from euromillions.models import Backtest, GainRang, Grille, Tirage
from euromillions.models.tirages import BOULES
from euromillions.precision import backtest as calcul
from euromillions.tests.outils.fabriques import petite_histoire
from euromillions.tests.outils.grilles import arriver, generer
from simulateur.travaux.machine import executer

pytestmark = pytest.mark.django_db


def fini(**demande: Any) -> Backtest:
    petite_histoire(104)
    lance = calcul.lancer(**demande)
    executer(lance._meta.label, str(lance.pk))
    return Backtest.objects.get(pk=lance.pk)


def par_l_api(api: Any, lu: Backtest, format_: str) -> Any:
    return api.get(f"/api/euromillions/backtest/{lu.pk}/export", {"format": format_})


def en_csv(octets: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))


def test_la_page_et_l_api_emportent_les_memes_mesures(api: Any, client_connecte: Any) -> None:
    lu = fini(par_tirage=3)
    adresse = reverse("euromillions:backtest-exporter", args=[lu.pk, "csv"])
    assert adresse in client_connecte.get(lu.get_absolute_url()).content.decode()
    octets = client_connecte.get(adresse).content
    assert par_l_api(api, lu, "csv").content == octets
    mesures = calcul.resultats_ranges(lu)
    attendues = [m["grids"] for sorte in ("strategies", "references") for m in mesures[sorte].values()]
    assert [int(ligne["grilles"]) for ligne in en_csv(octets)[::2]] == attendues
    classeur = load_workbook(io.BytesIO(par_l_api(api, lu, "xlsx").content))
    assert classeur.sheetnames == ["Backtest", "Par année", "Demande"]
    dit = dict(classeur["Demande"].iter_rows(values_only=True, max_col=2))
    assert (dit["grilles par tirage"], dit["graine"]) == ("3", str(lu.graine))
    assert "My Million" in dit["retour"]


def test_sans_gain_publie_ni_mise_ni_gain_ne_valent_zero(api: Any, client_connecte: Any) -> None:
    lu = fini(par_tirage=1)
    for ligne in en_csv(par_l_api(api, lu, "csv").content):
        assert (ligne["mise (€)"], ligne["gains publiés (€)"]) == ("non publié", "non publié")
        assert ligne["retour hors My Million"] == ""
    page = client_connecte.get(lu.get_absolute_url()).content.decode()
    mesures = calcul.resultats_ranges(lu)
    assert page.count("non publiés</td>") == len(mesures["strategies"]) + len(mesures["references"])


def test_un_gain_publie_se_compte_en_euros(api: Any) -> None:
    petite_histoire(104)
    for tirage in Tirage.objects.all():
        for rang in range(1, 14):
            GainRang.objects.create(tirage=tirage, rang=rang, gain=Decimal("4.00"))
    lance = calcul.lancer(par_tirage=2)
    executer(lance._meta.label, str(lance.pk))
    lignes = en_csv(par_l_api(api, Backtest.objects.get(pk=lance.pk), "csv").content)
    assert lignes[0]["mise (€)"] == "20"


def test_un_backtest_pas_fini_n_a_rien_a_emporter(api: Any, client_connecte: Any) -> None:
    petite_histoire(104)
    lance = calcul.lancer(par_tirage=1)
    assert par_l_api(api, lance, "csv").status_code == 409
    adresse = reverse("euromillions:backtest-exporter", args=[lance.pk, "csv"])
    assert client_connecte.get(adresse).status_code == 404


def test_un_format_inconnu_est_refuse(api: Any, client_connecte: Any) -> None:
    lu = fini(par_tirage=1)
    assert list(par_l_api(api, lu, "pdf").json()["champs"]) == ["format"]
    adresse = reverse("euromillions:backtest-exporter", args=[lu.pk, "pdf"])
    assert client_connecte.get(adresse).status_code == 404


def test_une_grille_gagnante_sans_gain_publie_le_dit(
    client_connecte: Any, utilisateur: Any, monkeypatch: Any
) -> None:
    petite_histoire(120)
    monkeypatch.setattr(lancement, "prochaine_cible", lambda maintenant: date(2024, 1, 2))
    generation = generer(nombre=1, demandeur=utilisateur)
    (boules,) = Grille.objects.values_list(*BOULES)
    arriver(date(2024, 1, 2), boules[:5], boules[5:])
    regler()
    page = client_connecte.get(generation.get_absolute_url()).content.decode()
    assert "non publié" in page
