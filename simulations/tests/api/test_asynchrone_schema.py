"""Des demandes tirées du schéma OpenAPI lui-même : jamais une erreur 500, toujours du JSON."""

from typing import Any

import pytest
import requests
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings

from simulateur.tests.outils.lois import exemples
from simulations.tests.outils.reseau import direction_a_simuler

ESSAIS_PAR_OPERATION = 8
SERVEUR = "http://testserver"


@pytest.mark.complet
@pytest.mark.django_db
def test_aucune_demande_tiree_du_schema_ne_fait_tomber_l_api(api: Any) -> None:
    direction_a_simuler()
    schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))
    operations = [
        resultat.ok() for resultat in schema.include(path_regex="^/api/async/").get_all_operations()
    ]
    assert len(operations) == 8
    api.raise_request_exception = False
    for operation in operations:

        @settings(
            max_examples=exemples(ESSAIS_PAR_OPERATION),
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(cas=operation.as_strategy())
        def essayer(cas: Any) -> None:
            envoi = requests.Request(**cas.as_transport_kwargs(base_url=SERVEUR)).prepare()
            type_ = envoi.headers.get("Content-Type", "application/json")
            reponse = api.generic(envoi.method, envoi.path_url, envoi.body or b"", content_type=type_)
            assert reponse.status_code < 500, reponse.content
            assert isinstance(reponse.json(), dict)

        essayer()
