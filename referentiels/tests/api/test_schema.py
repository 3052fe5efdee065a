"""Le schéma OpenAPI : valide, complet, et tenu par l'API sous des demandes tirées au hasard."""

import copy
import json
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core import NotSet

from referentiels.tests.outils import factories as f
from simulateur.tests.outils.lois import exemples

DOCUMENTEES = {
    *("/api/regions", "/api/regions/{id}", "/api/directions", "/api/directions/{id}"),
    *("/api/directions/{direction_id}/centres", "/api/centres", "/api/centres/{id}"),
    *("/api/centres/{centre_id}/postes", "/api/centres/{centre_id}/postes/{poste_id}"),
    *("/api/centres/{centre_id}/postes/{poste_id}/taches", "/api/taches", "/api/taches/{id}"),
    *("/api/postes", "/api/typologies", "/api/cellules", "/api/produits", "/api/unites", "/api/phases"),
    "/api/parametres",
}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.mark.django_db
def test_le_schema_est_valide_et_sans_avertissement():
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_chaque_adresse_est_documentee_en_francais(schema):
    assert set(schema["paths"]) >= DOCUMENTEES
    for chemin in DOCUMENTEES:
        for operation in schema["paths"][chemin].values():
            assert operation["tags"] == ["Référentiel"]
            assert operation["summary"].split()[0] in {
                *("Lister", "Lire", "Créer", "Remplacer", "Modifier", "Supprimer", "Retirer"),
            }


@pytest.mark.django_db
def test_le_schema_et_sa_page_demandent_un_compte(client_connecte):
    for adresse in ("/api/schema", "/api/docs"):
        assert Client().get(adresse).status_code in (302, 401)
        assert client_connecte.get(adresse).status_code == 200


@pytest.mark.complet
@pytest.mark.django_db
def test_aucune_demande_tiree_du_schema_ne_fait_echouer_le_serveur(schema, api_staff):
    """Sans plantage, et chaque réponse porte un code que le schéma annonce, ou un refus."""
    tache = f.TacheFactory()
    tenu, direction = tache.centre_poste, tache.centre_poste.centre.direction
    cles = {"centre_id": tenu.centre_id, "poste_id": tenu.poste_id, "direction_id": direction.pk}
    propres = {"regions": direction.region_id, "directions": direction.pk}
    propres |= {"centres": tenu.centre_id, "taches": tache.pk}
    du_referentiel = copy.deepcopy(schema)
    du_referentiel["paths"] = {chemin: schema["paths"][chemin] for chemin in sorted(DOCUMENTEES)}
    for operation in schemathesis.openapi.from_dict(du_referentiel).get_all_operations():
        ressource = operation.ok().path.split("/")[2]
        _eprouver(operation.ok(), api_staff, {**cles, "id": propres.get(ressource, 0)})


def _eprouver(operation: Any, client: Any, cles: dict[str, int]) -> None:
    @settings(
        max_examples=exemples(2 if operation.method == "get" else 4),
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cas=operation.as_strategy())
    def eprouver(cas: Any) -> None:
        connues = {nom: cles[nom] for nom in cas.path_parameters or {} if nom in cles}
        chemin = cas.operation.path.format(**{**(cas.path_parameters or {}), **connues})
        reponse = client.generic(
            cas.method,
            chemin,
            data=_corps(cas),
            content_type="application/json",
            QUERY_STRING=_requete(cas.query or {}),
        )
        assert reponse.status_code < 500
        annoncees = cas.operation.definition.raw["responses"]
        assert str(reponse.status_code) in {*annoncees, "400", "404", "409"}

    eprouver()


def _corps(cas: Any) -> str:
    return "" if isinstance(cas.body, NotSet) else json.dumps(cas.body)


def _requete(parametres: dict[str, Any]) -> str:
    return urlencode({nom: str(valeur) for nom, valeur in parametres.items()}, errors="replace")
