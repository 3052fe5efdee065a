"""Les sessions passent par le disjoncteur : un cache pendu se paie une fois, pas à chaque page."""

import pytest
from django.core.cache import caches

from simulateur.cache import donnees
from simulateur.cache.disjoncteur import disjoncteur
from simulateur.cache.donnees import CacheProtege

pytestmark = pytest.mark.django_db


@pytest.fixture
def cache_pendu(monkeypatch):
    """Compte les appels que reçoit un cache qui ne répond plus."""
    appels = []

    def pendu(client, *args, **options):
        appels.append(client)
        raise TimeoutError("le cache ne répond pas")

    proteger = donnees._proteger
    monkeypatch.setattr(donnees, "_proteger", lambda alias, geste: proteger(alias, pendu))
    return appels


@pytest.mark.panne("Redis pendu, page connectée", "payé une fois, pas à chaque page")
def test_une_page_connectee_ne_paie_le_cache_pendu_qu_une_fois(client_connecte, cache_pendu):
    for _ in range(5):
        assert client_connecte.get("/").status_code == 200
    # Un essai par cache (sessions, pages), puis le disjoncteur les épargne.
    assert len(cache_pendu) <= 2


def test_une_session_se_lit_du_cache_puis_de_la_base(client_connecte, compter_requetes):
    client_connecte.get("/")
    with compter_requetes() as gardee:
        client_connecte.get("/")
    assert not [r for r in gardee if "django_session" in r["sql"]]
    disjoncteur.declencher("default", "essai")
    with compter_requetes() as sans_cache:
        assert client_connecte.get("/").status_code == 200
    assert [r for r in sans_cache if "django_session" in r["sql"]]


def test_se_deconnecter_retire_la_session_du_cache(client_connecte):
    client_connecte.get("/")
    cle = client_connecte.session.session_key
    assert any(cle in trouvee for trouvee in caches["default"].iter_keys("*"))
    client_connecte.post("/deconnexion")
    assert not any(cle in trouvee for trouvee in caches["default"].iter_keys("*"))


def test_le_cache_protege_rend_sa_valeur_par_defaut():
    protege = CacheProtege("default")
    assert protege.get("absente", "défaut") == "défaut"
    protege.set("présente", 3, timeout=5)
    assert protege.get("présente") == 3
    assert "présente" in protege
    protege.delete("présente")
    assert "présente" not in protege
