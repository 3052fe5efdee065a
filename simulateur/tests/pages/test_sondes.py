"""Les sondes /vivant et /pret, et les mesures de /metrics."""

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_q.models import OrmQ
from prometheus_client.parser import text_string_to_metric_families

from simulateur.exploitation.exposition import JaugesEnBase, exposer
from simulateur.pages import sondes

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]


def test_vivant_ne_touche_pas_la_base(client, compter_requetes):
    with compter_requetes() as requetes:
        assert client.get("/vivant").status_code == 200
    assert len(requetes) == 0


def test_pret_repond_par_la_base_et_le_cache(client, lecture_seule):
    with lecture_seule():
        assert client.get("/pret").json() == {"base": True, "cache": True}


def test_pret_reste_vert_quand_le_cache_tombe(client, monkeypatch):
    monkeypatch.setattr(sondes, "caches", {})
    reponse = client.get("/pret")
    assert reponse.status_code == 200
    assert reponse.json() == {"base": True, "cache": False}


def test_pret_rougit_quand_la_base_tombe(client, monkeypatch):
    def refuser():
        raise OSError

    monkeypatch.setattr(connection, "cursor", refuser)
    assert client.get("/pret").status_code == 503


def test_pret_rougit_quand_la_base_est_en_lecture_seule(client, monkeypatch):
    """Une base de secours répond à tout ce qui lit : dire « prêt » serait mentir à qui enregistre."""
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET LOCAL transaction_read_only = on")
    else:
        monkeypatch.setattr(sondes.os.path, "exists", lambda _: True)
        monkeypatch.setattr(sondes.os, "access", lambda *_: False)
    reponse = client.get("/pret")
    assert reponse.status_code == 503
    assert reponse.json()["base"] is False


def test_les_mesures_se_lisent_meme_sans_la_base(client, monkeypatch):
    assert _valeur(client.get("/metrics").content.decode(), "simulateur_base_repond") == 1

    def refuser(_):
        raise OperationalError("base arrêtée")

    monkeypatch.setattr(JaugesEnBase, "_lire", refuser)
    reponse = client.get("/metrics")
    assert reponse.status_code == 200
    texte = reponse.content.decode()
    assert _valeur(texte, "simulateur_base_repond") == 0
    assert _valeur(texte, "simulateur_requetes_total", vue="mesures")


def _valeur(texte, nom, **etiquettes):
    for famille in text_string_to_metric_families(texte):
        for mesure in famille.samples:
            if mesure.name == nom and etiquettes.items() <= mesure.labels.items():
                return mesure.value
    return None


def test_les_mesures_comptent_les_requetes_sous_le_nom_de_leur_vue(client):
    def servies():
        return _valeur(exposer().decode(), "simulateur_requetes_total", vue="vivant", methode="GET")

    avant = servies() or 0
    client.get("/vivant")
    assert servies() == avant + 1


def test_une_methode_inventee_ne_cree_pas_d_etiquette(client):
    client.generic("PIRATE42", "/vivant")
    texte = exposer().decode()
    assert "PIRATE42" not in texte
    assert _valeur(texte, "simulateur_requetes_total", methode="autre")


def test_les_mesures_disent_la_longueur_de_la_file(client):
    OrmQ.objects.create(key="simulateur", payload="x", lock=timezone.now())
    assert _valeur(client.get("/metrics").content.decode(), "simulateur_file_longueur") == 1
