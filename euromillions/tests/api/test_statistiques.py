"""Le contrat de l'API : formes, droits, erreurs qui nomment le champ."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from euromillions.models import GainRang, HistoriqueTirage, Source, Tirage
from euromillions.tests.outils.fabriques import MARDI, un_tirage
from euromillions.tirages.demo import charger_fictifs

pytestmark = pytest.mark.django_db
BASE = "/api/euromillions"
LECTURES = [
    "quick-stats", "stats", "gap-analysis", "combination-analysis", "numbers/7", "stars/12", "years", "eras",
    "payouts", "draws",
]  # fmt: skip
FILTREES = [chemin for chemin in LECTURES if chemin not in ("years", "eras")]
VALIDE = {"date": "2024-01-02", "numbers": [50, 3, 24, 12, 37], "stars": [11, 2]}


@pytest.mark.rapide
@pytest.mark.parametrize("chemin", LECTURES)
def test_une_lecture_demande_un_compte_et_n_ecrit_jamais(api, petite_histoire, lecture_seule, chemin):
    assert APIClient().get(f"{BASE}/{chemin}").status_code == 401
    api.get(f"{BASE}/years")
    with lecture_seule():
        assert api.get(f"{BASE}/{chemin}").status_code == 200


def test_quick_stats_a_la_forme_du_contrat(api, petite_histoire):
    reponse = api.get(f"{BASE}/quick-stats?year={petite_histoire[0].year}").json()
    assert set(reponse) == {"total_draws", "numbers", "stars", "cached", "cache_info"}
    assert [boule["numero"] for boule in reponse["numbers"]] == list(range(1, 51))
    assert [boule["numero"] for boule in reponse["stars"]] == list(range(1, 13))
    assert set(reponse["numbers"][0]) == {"numero", "count", "percentage", "last_appearance"}


def test_sans_tirage_les_listes_sont_vides(api):
    reponse = api.get(f"{BASE}/quick-stats").json()
    assert (reponse["total_draws"], reponse["numbers"], reponse["stars"]) == (0, [], [])
    for chemin in LECTURES:
        assert api.get(f"{BASE}/{chemin}").status_code == 200


@pytest.mark.parametrize("chemin", FILTREES)
@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("year", "abc"), ("year", "99999"), ("year", "2016.5"), ("month", "13"), ("month", "0"),
        ("month", "x"), ("date_from", "hier"), ("date_to", "2024-02-30"), ("era", "inconnue"),
        ("weekday", "8"), ("weekday", "mardi"), ("year", "²"),
    ],
)  # fmt: skip
def test_un_mauvais_parametre_est_refuse_en_le_nommant(api, chemin, champ, valeur):
    reponse = api.get(f"{BASE}/{chemin}", {champ: valeur})
    assert reponse.status_code == 400
    assert list(reponse.json()["champs"]) == [champ]
    assert reponse.json()["detail"].startswith(f"{champ} : ")


def test_une_fin_avant_le_debut_est_refusee(api):
    reponse = api.get(f"{BASE}/stats", {"date_from": "2024-02-01", "date_to": "2024-01-01"})
    assert reponse.json()["champs"] == {"date_to": ["La fin précède le début."]}


@pytest.mark.parametrize("chemin", ["numbers/0", "numbers/51", "stars/13", "draws/2030-01-01", "draws/hier"])
def test_ce_qui_n_existe_pas_rend_404_en_francais(api, chemin):
    reponse = api.get(f"{BASE}/{chemin}")
    assert reponse.status_code == 404
    assert reponse.json()["detail"]


def test_la_liste_se_filtre_par_boules_jour_et_source(api, petite_histoire):
    tirage = Tirage.objects.get(date=petite_histoire[5])
    numeros, etoile = ",".join(map(str, tirage.numeros[:3])), tirage.e1
    trouves = api.get(f"{BASE}/draws", {"numbers": numeros, "stars": etoile}).json()
    assert tirage.date.isoformat() in [un["date"] for un in trouves["results"]]
    for un in trouves["results"]:
        assert set(tirage.numeros[:3]) <= set(un["numbers"])
        assert etoile in un["stars"]
    mardis = api.get(f"{BASE}/draws", {"weekday": 2, "page_size": 5}).json()
    assert mardis["count"] == sum(jour.isoweekday() == 2 for jour in petite_histoire)
    assert len(mardis["results"]) == 5
    assert api.get(f"{BASE}/draws", {"source": "saisie"}).json()["count"] == 0


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("numbers", "a"),
        ("numbers", "0"),
        ("stars", "00"),
        ("numbers", "1,2,3,4,5,6"),
        ("stars", "1;2;x"),
        ("source", "moi"),
    ],
)
def test_la_liste_refuse_un_mauvais_filtre(api, champ, valeur):
    reponse = api.get(f"{BASE}/draws", {champ: valeur})
    assert reponse.status_code == 400
    assert list(reponse.json()["champs"]) == [champ]


def test_la_liste_coute_un_nombre_fixe_de_requetes(api, petite_histoire, compter_requetes):
    api.get(f"{BASE}/draws")
    with compter_requetes() as requetes:
        api.get(f"{BASE}/draws?page_size=50")
    assert len(requetes) <= 5


@pytest.mark.rapide
def test_le_personnel_ajoute_corrige_et_supprime_un_tirage(api_staff, utilisateur_staff):
    cree = api_staff.post(f"{BASE}/draws", VALIDE)
    assert cree.status_code == 201
    assert cree.json()["numbers"] == [3, 12, 24, 37, 50]
    assert (cree.json()["era"], cree.json()["weekday"], cree.json()["source"]) == ("12-etoiles", 2, "saisie")
    corrige = api_staff.patch(f"{BASE}/draws/2024-01-02", {"stars": [12, 1]})
    assert corrige.json()["stars"] == [1, 12]
    trace = HistoriqueTirage.objects.get()
    assert (trace.etoiles, trace.auteur) == ((2, 11), utilisateur_staff)
    assert api_staff.put(f"{BASE}/draws/2024-01-02", VALIDE).json()["stars"] == [2, 11]
    assert api_staff.delete(f"{BASE}/draws/2024-01-02").status_code == 204
    assert not Tirage.objects.exists()


@pytest.mark.parametrize(
    ("methode", "chemin"),
    [
        ("post", "draws"),
        ("put", "draws/2024-01-02"),
        ("patch", "draws/2024-01-02"),
        ("delete", "draws/2024-01-02"),
    ],
)
def test_un_compte_ordinaire_n_ecrit_pas(api, methode, chemin):
    un_tirage().save()
    reponse = getattr(api, methode)(f"{BASE}/{chemin}", VALIDE)
    assert reponse.status_code == 403
    assert Tirage.objects.count() == 1


@pytest.mark.rapide
@pytest.mark.parametrize(
    ("change", "champ"),
    [
        ({"numbers": [1, 2, 3, 4, 51]}, "numbers"),
        ({"numbers": [1, 2, 3, 4, 4]}, "numbers"),
        ({"numbers": [1, 2, 3, 4]}, "numbers"),
        ({"numbers": "12345"}, "numbers"),
        ({"numbers": [1, 2, 3, 4, -5]}, "numbers"),
        ({"stars": [1, 13]}, "stars"),
        ({"stars": [1, 1]}, "stars"),
        ({"stars": None}, "stars"),
        ({"date": "2024-01-03"}, "date"),
        ({"date": "2999-01-01"}, "date"),
        ({"date": "1999-01-01"}, "date"),
        ({"date": "demain"}, "date"),
        ({"draw_order_numbers": "1-2-3-4-5"}, "draw_order_numbers"),
    ],
)
def test_un_tirage_fautif_est_refuse_en_nommant_le_champ(api_staff, change, champ):
    reponse = api_staff.post(f"{BASE}/draws", VALIDE | change)
    assert reponse.status_code == 400
    assert list(reponse.json()["champs"]) == [champ]
    assert not Tirage.objects.exists()


def test_une_date_deja_prise_est_refusee(api_staff):
    un_tirage().save()
    reponse = api_staff.post(f"{BASE}/draws", VALIDE)
    assert reponse.json()["champs"] == {"date": ["Un tirage existe déjà à cette date."]}


def test_corriger_les_boules_efface_un_ordre_de_sortie_devenu_faux(api_staff):
    un_tirage(ordre_numeros="50-3-12-24-37", ordre_etoiles="11-2").save()
    corrige = api_staff.patch(f"{BASE}/draws/{MARDI}", {"numbers": [1, 2, 3, 4, 5]}).json()
    assert corrige["draw_order_numbers"] == ""
    assert corrige["draw_order_stars"] == "11-2"


def test_la_fiche_porte_les_gains(api):
    tirage = un_tirage()
    tirage.save()
    GainRang.objects.create(tirage=tirage, rang=1, gagnants_france=0, gagnants_europe=2, gain=17_000_000)
    fiche = api.get(f"{BASE}/draws/{MARDI}").json()
    assert fiche["prizes"] == [{"rank": 1, "winners_france": 0, "winners_europe": 2, "prize": 17_000_000.0}]
    gains = api.get(f"{BASE}/payouts").json()["eras"]
    assert gains[0]["ranks"][0]["mean_prize_per_winner"] == 17_000_000


def test_tout_le_dit_tant_que_des_tirages_sont_fictifs(api, api_staff):
    charger_fictifs(jusqu_au=date(2004, 4, 1))
    for chemin in LECTURES:
        assert api.get(f"{BASE}/{chemin}").json()["demo"] is True, chemin
    cree = api_staff.post(f"{BASE}/draws", VALIDE)
    assert cree.json()["demo_draws_removed"] == 7
    assert list(Tirage.objects.values_list("source", flat=True)) == [Source.SAISIE]
    for chemin in LECTURES:
        assert "demo" not in api.get(f"{BASE}/{chemin}").json(), chemin


@pytest.mark.rapide
def test_chaque_route_est_documentee(api):
    chemins = api.get("/api/schema?format=json").json()["paths"]
    documentes = {chemin for chemin in chemins if chemin.startswith(BASE)}
    attendus = {"numbers/{valeur}", "stars/{valeur}", "draws/{jour}"} | {c for c in LECTURES if "/" not in c}
    assert {f"{BASE}/{chemin}" for chemin in attendus} <= documentes
