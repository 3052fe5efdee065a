"""Les vérifications système E001 à E005 et W001 : chaque règle de la file et du cache tient au démarrage."""

import pytest
from django.conf import settings as reglages
from django.core.checks import run_checks

from simulateur import checks

pytestmark = pytest.mark.rapide


def _codes(messages):
    return [message.id for message in messages]


def test_les_reglages_livres_ne_soulevent_rien():
    assert run_checks() == []


@pytest.mark.parametrize(
    ("changement", "code"),
    [
        ({"retry": 1200, "timeout": 600, "workers": 2}, "simulateur.E001"),
        ({"retry": 1800, "timeout": 600, "workers": 1}, "simulateur.E001"),
        ({"orm": None}, "simulateur.E002"),
        ({"queue_limit": 4}, "simulateur.E003"),
        ({"bulk": 2}, "simulateur.E003"),
        ({"timeout": 30}, "simulateur.E004"),
    ],
)
def test_une_file_mal_reglee_est_refusee(settings, changement, code):
    settings.Q_CLUSTER = {**reglages.Q_CLUSTER, "retry": 2400, **changement}
    assert code in _codes(checks.verifier_la_file())


def test_la_reprise_est_acceptee_juste_au_dessus_du_minimum(settings):
    settings.Q_CLUSTER = {**reglages.Q_CLUSTER, "timeout": 600, "workers": 2, "retry": 1201}
    assert checks.verifier_la_file() == []


def test_deux_caches_a_la_meme_adresse_sont_refuses(settings):
    commun = reglages.CACHES["default"]
    settings.CACHES = {"default": commun, "pages": commun}
    assert _codes(checks.verifier_les_caches()) == ["simulateur.E005"]


def test_un_cache_en_base_est_signale(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_default"}
    }
    assert _codes(checks.verifier_les_caches()) == ["simulateur.W001"]
