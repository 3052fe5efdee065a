"""Le règlement : chaque grille jugée une fois, par toutes les routes, rejugée si son tirage change."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from math import comb
from tempfile import NamedTemporaryFile

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from euromillions.grilles import lancement
from euromillions.grilles.reglement import regler
from euromillions.models import AncienJugement, Ere, GainRang, Generation, Grille, Reglement, Tirage
from euromillions.precision import strategies
from euromillions.statistiques.precision import chance_naive, holm
from euromillions.tests.outils.fabriques import un_tirage
from euromillions.tests.outils.grilles import arriver, generer
from euromillions.travaux import juger_les_grilles

pytestmark = pytest.mark.django_db
NUMEROS, ETOILES = (3, 12, 24, 37, 50), (2, 11)


@pytest.fixture
def cible(petite_histoire, monkeypatch):
    """Un mardi passé : les générations du test le visent, son tirage n'est pas encore enregistré."""
    jour = timezone.localdate() - timedelta(days=7)
    while jour.isoweekday() != 2:
        jour -= timedelta(days=1)
    monkeypatch.setattr(lancement, "prochaine_cible", lambda maintenant: jour)
    return jour


def verifier(tirage):
    """Chaque grille est jugée comme on la jugerait à la main."""
    rangs = {(r.numeros, r.etoiles): r.numero for r in tirage.ere.rangs.all()}
    for grille in Grille.objects.filter(cible=tirage.date):
        trouves = len({*grille.numeros} & {*tirage.numeros}), len({*grille.etoiles} & {*tirage.etoiles})
        assert (grille.numeros_trouves, grille.etoiles_trouvees) == trouves
        assert grille.rang == rangs.get(trouves, 0)


def par_la_page_admin(client_staff, api_staff, jour):
    boules = dict(zip(("n1", "n2", "n3", "n4", "n5", "e1", "e2"), NUMEROS + ETOILES, strict=True))
    vide = {"ordre_numeros": "", "ordre_etoiles": "", "gains-TOTAL_FORMS": 0, "gains-INITIAL_FORMS": 0}
    adresse = reverse("admin:euromillions_tirage_add")
    assert client_staff.post(adresse, {"date": f"{jour:%d/%m/%Y}", **boules, **vide}).status_code == 302


def par_l_api(client_staff, api_staff, jour):
    corps = {"date": jour.isoformat(), "numbers": NUMEROS, "stars": ETOILES}
    assert api_staff.post("/api/euromillions/draws", corps, format="json").status_code == 201


def en_masse(client_staff, api_staff, jour):
    Tirage.objects.bulk_create([un_tirage(jour)])


def par_un_fichier(client_staff, api_staff, jour):
    with NamedTemporaryFile("w", suffix=".csv") as fichier:
        boules = ",".join(map(str, NUMEROS + ETOILES))
        fichier.write(f"date,n1,n2,n3,n4,n5,e1,e2\n{jour.isoformat()},{boules}\n")
        fichier.flush()
        call_command("importer_tirages", fichier.name, "--appliquer", stdout=StringIO())


@pytest.mark.rapide
@pytest.mark.parametrize("route", [par_la_page_admin, par_l_api, en_masse, par_un_fichier])
def test_un_tirage_arrive_par_n_importe_quelle_route_juge_ses_grilles(cible, client_staff, api_staff, route):
    generer(nombre=300)
    assert not Grille.objects.jugees().exists()
    route(client_staff, api_staff, cible)
    assert Grille.objects.jugees().count() == 300
    verifier(Tirage.objects.get(date=cible))
    assert Reglement.objects.get().grilles == 300


def test_juger_deux_fois_ne_change_rien(cible):
    generer(nombre=50)
    arriver(cible)
    avant = list(Grille.objects.order_by("pk").values())
    assert regler() == juger_les_grilles() == {"tirages": 0, "grilles": 0, "corrections": 0}
    assert list(Grille.objects.order_by("pk").values()) == avant
    assert not AncienJugement.objects.exists()


def test_des_grilles_ecrites_apres_leur_tirage_sont_jugees_aussitot(cible):
    arriver(cible)
    generer(nombre=20)
    assert Grille.objects.jugees().count() == 20
    verifier(Tirage.objects.get(date=cible))


@pytest.mark.rapide
def test_un_tirage_corrige_rejuge_ses_grilles_et_garde_l_ancien_jugement(cible):
    generer(nombre=200)
    tirage = arriver(cible)
    avant = {g.pk: (g.numeros_trouves, g.etoiles_trouvees, g.rang) for g in Grille.objects.all()}
    tirage.n1, tirage.e2 = 1, 12
    tirage.save()
    verifier(Tirage.objects.get(date=cible))
    gardes = {
        a.grille_id: (a.numeros_trouves, a.etoiles_trouvees, a.rang) for a in AncienJugement.objects.all()
    }
    assert gardes == avant
    assert Reglement.objects.get().corrections == 1


def test_un_tirage_supprime_rend_ses_grilles_a_juger_puis_un_nouveau_les_juge(cible):
    generer(nombre=30)
    arriver(cible).delete()
    assert not Grille.objects.jugees().exists()
    assert AncienJugement.objects.count() == 30
    arriver(cible, numeros=(1, 2, 3, 4, 5))
    verifier(Tirage.objects.get(date=cible))


def test_une_ecriture_annulee_ne_juge_rien(cible):
    from django.db import transaction

    generer(nombre=5)
    with transaction.atomic():
        arriver(cible)
        assert Grille.objects.jugees().count() == 5
        transaction.set_rollback(True)
    assert not Grille.objects.jugees().exists()


def test_les_gains_publies_ensuite_completent_le_jugement_sans_le_refaire(cible):
    generation = generer(nombre=1)
    grille = generation.grilles.get()
    tirage = arriver(cible, grille.numeros, grille.etoiles)
    jugee = Grille.objects.get()
    assert (jugee.rang, jugee.gain) == (1, None)
    GainRang.objects.create(tirage=tirage, rang=1, gain=Decimal("17000000"))
    payee = Grille.objects.get()
    assert (payee.gain, payee.jugee_le) == (Decimal("17000000"), jugee.jugee_le)
    assert not AncienJugement.objects.exists()
    GainRang.objects.update(gain=Decimal("18000000"))
    assert AncienJugement.objects.get().gain == Decimal("17000000")
    assert Grille.objects.get().gain == Decimal("18000000")


def test_le_rang_est_celui_de_l_ere_du_tirage(petite_histoire, monkeypatch):
    from datetime import date

    jour = date(2012, 1, 3)
    un_tirage(date(2011, 12, 30), (1, 2, 3, 4, 5), (1, 2)).save()
    monkeypatch.setattr(lancement, "prochaine_cible", lambda maintenant: jour)
    grille = generer(nombre=1).grilles.get()
    autres = [n for n in range(1, 51) if n not in grille.numeros]
    absentes = tuple(e for e in range(1, 12) if e not in grille.etoiles)[:2]
    arriver(jour, tuple(sorted((*grille.numeros[:4], autres[0]))), absentes)
    assert Grille.objects.get().rang == 6  # 4+0 : rang 6 alors, rang 7 depuis 2016


def test_la_precision_compare_au_hasard_exact_et_ne_se_recalcule_que_si_besoin(
    api, client_connecte, cible, lecture_seule
):
    generer(nombre=1000, graine=20260821)
    arriver(cible)
    with lecture_seule():
        ligne = api.get("/api/euromillions/precision").json()["strategies"][0]
        page = client_connecte.get(reverse("euromillions:precision")).content.decode()
    moyenne = sum(g.numeros_trouves for g in Grille.objects.all()) / 1000
    assert ligne["numbers"]["mean"] == pytest.approx(moyenne)
    assert ligne["numbers"]["expected"] == pytest.approx(0.5)
    assert ligne["stars"]["expected"] == pytest.approx(1 / 3)
    assert ligne["numbers"]["mean"] == 0.506
    assert ligne["numbers"]["z"] == pytest.approx(0.350328587)  # ces mille grilles-là, ce tirage-là
    assert ligne["verdict"] == "différent du hasard : non"  # un tirage suffit à la loi exacte
    assert ligne["numbers"]["ci_low"] < 0.5 < ligne["numbers"]["ci_high"]
    assert ligne["naive"]["expected_pct"] == pytest.approx(32.144037)
    assert page.count("32,144") == 1
    assert api.get("/api/euromillions/precision").json()["cached"] is True
    generer(nombre=5, strategie="gap_based")
    assert len(api.get("/api/euromillions/precision").json()["strategies"]) == 2


def test_seuls_les_gains_publies_comptent_dans_le_retour(cible):
    generation = generer(nombre=1)
    grille = generation.grilles.get()
    tirage = arriver(cible, grille.numeros, grille.etoiles)
    sans = strategies.calculer()["random"]
    assert (sans["cost"], sans["return_rate"], sans["ranks"]) == (0, None, {"1": 1})
    GainRang.objects.create(tirage=tirage, rang=1, gain=Decimal("25"))
    avec = strategies.calculer()["random"]
    assert (avec["cost"], avec["winnings"], avec["return_rate"]) == (2.5, 25, 10)


@pytest.mark.parametrize(
    "supprimer", [lambda: Generation.objects.all().delete(), lambda: Generation.objects.get().delete()]
)
def test_supprimer_une_generation_change_aussitot_la_precision(cible, supprimer):
    generer(nombre=3)
    arriver(cible)
    assert strategies.lire().valeur["random"]["grids"] == 3
    supprimer()
    assert strategies.lire().valeur == {}


def test_des_grilles_tirees_d_un_passe_fictif_ne_comptent_pas(cible):
    generer(nombre=3)
    Generation.objects.update(fictive=True)
    arriver(cible)
    assert strategies.calculer() == {}


@pytest.mark.rapide
@pytest.mark.parametrize(("reserve", "attendu"), [(12, 0.32144037), (9, None)])
def test_la_mesure_naive_du_hasard(reserve, attendu):
    p2 = sum(comb(5, k) * comb(45, 5 - k) for k in range(3)) / comb(50, 5)
    exact = 1 - p2 * comb(reserve - 2, 2) / comb(reserve, 2)
    assert chance_naive(reserve) == pytest.approx(exact, rel=1e-12)
    if attendu is not None:
        assert exact == pytest.approx(attendu, abs=1e-8)


@pytest.mark.rapide
def test_la_correction_de_holm():
    assert holm([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.09, 0.09, 0.5])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_sans_grille_jugee_la_page_le_dit(client_connecte, petite_histoire):
    assert "Aucune grille jugée" in client_connecte.get(reverse("euromillions:precision")).content.decode()


def test_une_ecriture_de_tirage_sans_grille_ne_coute_qu_une_requete_de_plus(
    petite_histoire, compter_requetes
):
    with compter_requetes() as requetes:
        regler()
    assert len(requetes) == 1
    assert Ere.objects.exists()
