"""Un seul disjoncteur pour tout usage du cache : un vrai serveur suspendu se paie une fois."""

import os
import signal
import time

import pytest
from django.core.cache import caches
from django_redis.cache import RedisCache

from simulateur.cache.client import RedisProtege
from simulateur.exploitation import valkey

DELAI_S = 0.25


@pytest.fixture
def serveur(tmp_path):
    lance = valkey.demarrer(tmp_path)
    yield lance
    os.kill(lance.processus.pid, signal.SIGCONT)
    lance.arreter()


@pytest.mark.panne("Redis suspendu", "un délai payé par processus, les usages suivants aussitôt")
def test_un_serveur_suspendu_ne_se_paie_qu_une_fois_quel_que_soit_l_alias(serveur):
    options = {
        "OPTIONS": {
            "REDIS_CLIENT_CLASS": "simulateur.cache.client.RedisProtege",
            "IGNORE_EXCEPTIONS": True,
            "SOCKET_TIMEOUT": DELAI_S,
        }
    }
    alias = [RedisCache(f"unix://{serveur.prise}?db={base}", options) for base in range(3)]
    for cache in alias:
        cache.set("a", 1)
        assert cache.get("a") == 1
    os.kill(serveur.processus.pid, signal.SIGSTOP)
    debut = time.monotonic()
    for cache in alias * 10:
        assert cache.get("a") is None
        cache.set("b", 2)
    assert time.monotonic() - debut < 3 * DELAI_S


@pytest.mark.rapide
def test_tout_alias_redis_passe_par_ce_client():
    for nom in ("default", "pages", "calcul"):
        assert isinstance(caches[nom].client.get_client(write=True), RedisProtege)
