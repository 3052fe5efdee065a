"""Le cache accélère sans jamais mentir : requêtes comptées, clés normalisées, taux de réussite."""

import json
import random

import pytest
from django.core.cache import caches
from django.utils import timezone
from redis.connection import AbstractConnection
from rest_framework.test import APIClient, APIRequestFactory, force_authenticate

from euromillions import travaux
from euromillions.api import statistiques as vues_api
from euromillions.lectures import histoire, reperes, statistiques
from euromillions.lectures.filtre import Filtre
from euromillions.lectures.forms import FormulaireFiltre
from euromillions.models import Tirage
from euromillions.tests.outils.fabriques import un_tirage
from simulateur.cache import menage

pytestmark = pytest.mark.django_db
BASE = "/api/euromillions"


@pytest.fixture
def api_sans_jeton(utilisateur):
    """Client déjà authentifié : aucune requête de jeton ni de session ne s'ajoute aux nôtres."""
    client = APIClient()
    client.force_authenticate(utilisateur)
    return client


def test_en_cache_quick_stats_ne_coute_que_la_requete_de_la_revision(
    api_sans_jeton, petite_histoire, compter_requetes
):
    premiere = api_sans_jeton.get(f"{BASE}/quick-stats").json()
    with compter_requetes() as requetes:
        seconde = api_sans_jeton.get(f"{BASE}/quick-stats").json()
    assert (premiere["cached"], seconde["cached"]) == (False, True)
    assert len(requetes) == 1
    assert "simulateur_revision" in requetes[0]["sql"]


def test_en_cache_quick_stats_ne_fait_que_deux_allers_retours_au_cache(
    api_sans_jeton, petite_histoire, monkeypatch
):
    api_sans_jeton.get(f"{BASE}/quick-stats")
    envois, envoyer = [], AbstractConnection.send_packed_command
    monkeypatch.setattr(
        AbstractConnection,
        "send_packed_command",
        lambda *args, **options: envois.append(1) or envoyer(*args, **options),
    )
    assert api_sans_jeton.get(f"{BASE}/quick-stats").json()["cached"] is True
    assert len(envois) == 2


def test_en_cache_ou_non_quick_stats_est_le_meme_json(api_sans_jeton, petite_histoire):
    calculee, servie = (api_sans_jeton.get(f"{BASE}/quick-stats?year=2017") for _ in range(2))
    assert servie["Content-Type"] == "application/json"
    corps = servie.json()
    assert {**calculee.json(), "cached": True} == corps
    assert list(corps) == ["total_draws", "numbers", "stars", "cached", "cache_info"]


@pytest.mark.parametrize("chemin", ["stats", "gap-analysis", "combination-analysis", "numbers/7", "payouts"])
def test_les_autres_reponses_en_cache_ne_coutent_pas_plus(
    api_sans_jeton, petite_histoire, compter_requetes, chemin
):
    api_sans_jeton.get(f"{BASE}/{chemin}?era=12-etoiles")
    with compter_requetes() as requetes:
        assert api_sans_jeton.get(f"{BASE}/{chemin}?era=12-etoiles").json()["cached"] is True
    assert len(requetes) == 1


@pytest.mark.rapide
@pytest.mark.parametrize(
    ("un", "autre"),
    [
        ({"year": "2017", "month": "3"}, {"month": "03", "year": " 2017 "}),
        ({"date_from": "2017-03-01"}, {"date_from": "01/03/2017"}),
        ({}, {"year": "", "inconnu": "1"}),
    ],
)
def test_deux_ecritures_d_un_meme_filtre_ont_la_meme_cle(un, autre):
    cles = []
    for donnees in (un, autre):
        formulaire = FormulaireFiltre(donnees)
        assert formulaire.is_valid()
        cles.append(formulaire.filtre.cle)
    assert cles[0] == cles[1]


def test_la_cle_porte_le_nom_le_filtre_et_la_revision(api_sans_jeton, petite_histoire):
    info = api_sans_jeton.get(f"{BASE}/quick-stats?month=3&year=2017").json()["cache_info"]
    assert info["key"] == f"em:quick-stats:year=2017&month=3@r{histoire.revision()}"
    assert info["ttl_seconds"] == 15 * 60


def _servie_du_cache(reponse):
    """quick-stats rend des octets déjà écrits ; les autres, des données que DRF écrira."""
    corps = reponse.data if hasattr(reponse, "data") else json.loads(reponse.content)
    return corps["cached"]


@pytest.mark.complet
def test_deux_mille_requetes_plausibles_trouvent_le_cache_plus_de_95_fois_sur_cent(
    utilisateur, petite_histoire, monkeypatch
):
    """Des lecteurs qui vont et viennent entre quelques vues, et un tirage saisi au milieu."""
    monkeypatch.setattr(vues_api.VueStatistiques, "throttle_classes", [])
    alea, fabrique = random.Random(5), APIRequestFactory()
    rapides, completes = vues_api.StatistiquesRapides.as_view(), vues_api.StatistiquesCompletes.as_view()
    vues = [(rapides, {"year": an}) for an in (2016, 2017, 2018)] + [(rapides, {}), (completes, {})]
    vues += [(vues_api.AnalyseEcarts.as_view(), {}), (vues_api.AnalyseCombinaisons.as_view(), {})]
    vues += [(rapides, {"year": 2017, "month": mois}) for mois in range(1, 8)]
    poids = [1 / rang for rang in range(1, len(vues) + 1)]
    trouves = 0
    for i, (vue, parametres) in enumerate(alea.choices(vues, poids, k=2000)):
        if i == 1000:
            un_tirage().save()
        requete = fabrique.get("/", parametres)
        force_authenticate(requete, utilisateur)
        trouves += _servie_du_cache(vue(requete))
    assert trouves / 2000 > 0.95


def test_l_actualisation_prechauffe_les_lectures(petite_histoire):
    bilan = travaux.actualiser_statistiques()
    numero = histoire.revision()
    for filtre in (Filtre(), Filtre(era="9-etoiles"), Filtre(era="12-etoiles")):
        assert statistiques.rapides(filtre, numero).en_cache
        assert statistiques.completes(filtre, numero).en_cache
    assert bilan["revision"] == numero
    assert bilan["tirages_manquants"] > 0


def test_les_tirages_manquants_sont_ceux_du_calendrier(petite_histoire):
    lectures_avant = reperes.manquants(histoire.revision(), timezone.localdate())
    assert petite_histoire[0].isoformat() not in lectures_avant
    Tirage.objects.filter(date=petite_histoire[0]).delete()
    manquants = reperes.manquants(histoire.revision(), timezone.localdate())
    assert set(manquants) - set(lectures_avant) == {petite_histoire[0].isoformat()}


def test_le_menage_ne_retire_que_les_revisions_passees(client_connecte, petite_histoire):
    client_connecte.get("/euromillions/frequences")
    statistiques.rapides(Filtre(), histoire.revision())
    caches["default"].set("autre:direction:5@r1", "à un autre")
    un_tirage().save()
    numero = histoire.revision()
    statistiques.rapides(Filtre(), numero)
    statistiques.completes(Filtre(), numero)
    bilan = menage.nettoyer()
    assert bilan["retirees"] >= 2
    assert bilan["examinees"] == bilan["retirees"] + bilan["gardees"]
    assert caches["default"].get("autre:direction:5@r1") == "à un autre"
    assert statistiques.rapides(Filtre(), numero).en_cache
    assert menage.nettoyer()["retirees"] == 0
