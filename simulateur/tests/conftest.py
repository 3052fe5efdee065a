"""Un travail d'essai pour éprouver la machine et le faucheur sans aucun métier."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from simulateur.models import Travail
from simulateur.travaux import sortes


@pytest.fixture(scope="module")
def essai(django_db_setup: None, django_db_blocker: Any) -> Iterator[type[Travail]]:
    """Le modèle `TravailDEssai`, sa table comprise, retiré du registre après le module.

    Un test lui donne son travail en déclarant sa fonction.
    """

    class TravailDEssai(Travail):
        TENTATIVES_MAX = 3

        class Meta(Travail.Meta):
            app_label = "simulateur"

    with django_db_blocker.unblock(), connection.schema_editor() as editeur:
        editeur.create_model(TravailDEssai)
    yield TravailDEssai
    with django_db_blocker.unblock(), connection.schema_editor() as editeur:
        editeur.delete_model(TravailDEssai)
    del apps.all_models["simulateur"]["travaildessai"]
    apps.clear_cache()


@pytest.fixture
def travail_qui(essai: type[Travail], monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """`travail_qui(f)` : tout travail d'essai exécute `f(travail, prise)`."""
    return lambda fonction: monkeypatch.setitem(sortes._SORTES, essai._meta.label, fonction)
