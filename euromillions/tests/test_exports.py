"""Ce qui s'emporte du jeu : les chiffres mêmes de la page, par la page et par l'API ; et la fraîcheur."""

import csv
import io
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from euromillions.imports.service import Fichier, previsualiser
from euromillions.lectures import histoire
from euromillions.lectures.fraicheur import fraicheur
from euromillions.models import Grille, Tirage

pytestmark = pytest.mark.django_db
BASE = "/api/euromillions"
NOMS = {"tirages": "draws", "frequences": "frequencies", "paires": "pairs"}


def en_csv(octets: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("contenu", NOMS)
def test_la_page_et_l_api_donnent_le_meme_fichier(
    api: Any, client_connecte: Any, petite_histoire: Any, contenu: str
) -> None:
    an = Tirage.objects.order_by("-date")[0].date.year
    par_la_page = client_connecte.get(reverse("euromillions:exporter", args=[contenu, "csv"]), {"year": an})
    par_l_api = api.get(f"{BASE}/exports/{NOMS[contenu]}", {"format": "csv", "year": an})
    assert par_la_page.content == par_l_api.content
    assert par_la_page["Content-Disposition"] == par_l_api["Content-Disposition"]
    assert en_csv(par_l_api.content)
    classeur = load_workbook(io.BytesIO(api.get(f"{BASE}/exports/{NOMS[contenu]}", {"year": an}).content))
    dit = dict(classeur["Demande"].iter_rows(values_only=True, max_col=2))
    assert dit["year"] == str(an)
    assert "prédit" in dit["à savoir"]
    assert "révision des tirages" in dit


def test_les_frequences_et_les_paires_sont_celles_de_la_page(api: Any, petite_histoire: Any) -> None:
    dites = api.get(f"{BASE}/stats").json()["frequencies"]
    lues = en_csv(api.get(f"{BASE}/exports/frequencies", {"format": "csv"}).content)
    assert [int(ligne["sorties"]) for ligne in lues] == [
        boule["count"] for cle in ("numbers", "stars") for boule in dites[cle]
    ]
    paires = en_csv(api.get(f"{BASE}/exports/pairs", {"format": "csv"}).content)
    assert len(paires) == 50 * 49 // 2
    assert sum(int(paire["sorties"]) for paire in paires) == 10 * Tirage.objects.count()


def test_les_tirages_emportes_se_reimportent_tous_identiques(
    api: Any, utilisateur_staff: Any, petite_histoire: Any
) -> None:
    octets = api.get(f"{BASE}/exports/draws", {"format": "csv"}).content
    apercu = previsualiser(Fichier("tirages.csv", octets), auteur=utilisateur_staff)
    nombre = Tirage.objects.count()
    assert (apercu.lignes, apercu.identiques, apercu.ajoutes, apercu.conflits) == (nombre, nombre, 0, 0)


def test_la_liste_filtree_s_emporte_filtree(client_connecte: Any, petite_histoire: Any) -> None:
    voulu = Tirage.objects.order_by("date")[0]
    demande = {"numbers": ",".join(map(str, voulu.numeros))}
    fichier = client_connecte.get(reverse("euromillions:exporter", args=["tirages", "csv"]), demande)
    assert [ligne["date"] for ligne in en_csv(fichier.content)] == [voulu.date.isoformat()]
    page = client_connecte.get(reverse("euromillions:tirages"), demande).content.decode()
    assert "exports/tirages.xlsx?numbers=" in page


def test_chacun_emporte_ses_grilles(api: Any, client_connecte: Any, petite_histoire: Any) -> None:
    client_connecte.post(reverse("euromillions:grilles"), {"strategie": "random", "nombre": 3})
    siennes = en_csv(client_connecte.get(reverse("euromillions:exporter-grilles", args=["csv"])).content)
    assert len(siennes) == Grille.objects.count()
    assert en_csv(api.get(f"{BASE}/exports/grids", {"format": "csv"}).content) == siennes


@pytest.mark.parametrize(
    ("chemin", "demande", "champ"),
    [("draws", {"format": "pdf"}, "format"), ("pairs", {"year": "x"}, "year"), ("grids", {"an": "1"}, "an")],
)
def test_une_demande_fausse_est_refusee(
    api: Any, petite_histoire: Any, chemin: str, demande: dict[str, str], champ: str
) -> None:
    refus = api.get(f"{BASE}/exports/{chemin}", demande)
    assert (refus.status_code, list(refus.json()["champs"])) == (400, [champ])


def test_la_fraicheur_dit_ce_qui_manque_et_se_resert(api: Any, petite_histoire: Any) -> None:
    lue = api.get(f"{BASE}/freshness")
    corps = lue.json()
    dernier = Tirage.objects.order_by("-date")[0]
    assert corps["last_draw"] == dernier.date.isoformat()
    assert corps["draws"] == Tirage.objects.count()
    assert corps["missing_draws"] == len(corps["missing_dates"])
    assert api.get(f"{BASE}/freshness", headers={"If-None-Match": lue["ETag"]}).status_code == 304
    dernier.delete()
    assert api.get(f"{BASE}/freshness", headers={"If-None-Match": lue["ETag"]}).status_code == 200


@pytest.mark.parametrize(("heure", "prochain"), [(20, "2026-08-21"), (21, "2026-08-25")])
def test_le_tirage_du_jour_est_a_venir_jusqu_a_son_heure(
    petite_histoire: Any, heure: int, prochain: str
) -> None:
    instant = datetime(2026, 8, 21, heure, tzinfo=ZoneInfo("Europe/Paris"))
    assert fraicheur(histoire.revision(), instant)["next_draw"] == prochain
