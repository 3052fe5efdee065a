"""À la taille du pays, aucune lecture ne parcourt toutes les tâches ni tous les volumes : EXPLAIN le dit."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referentiels.lectures.annees import annees_des_volumes
from referentiels.lectures.taches import TachesDuReseau
from referentiels.models import Centre, Direction
from simulations.tests.outils.parcours import simuler

pytestmark = [pytest.mark.complet, pytest.mark.django_db]
CENTRES = 2000
GRANDES = {"referentiels_tache", "referentiels_volumeannuel"}


def parcours(plan: dict[str, Any]) -> set[str]:
    """Les grandes tables que ce plan lit en entier."""
    lues = {plan["Relation Name"]} if plan["Node Type"] in ("Seq Scan", "Parallel Seq Scan") else set()
    for enfant in plan.get("Plans", []):
        lues |= parcours(enfant)
    return lues & GRANDES


def parcours_de(sql: str) -> set[str]:
    with connection.cursor() as curseur:
        curseur.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        (lu,) = curseur.fetchone()
    plans = json.loads(lu) if isinstance(lu, str) else lu
    return parcours(plans[0]["Plan"])


def test_aucune_lecture_ne_parcourt_les_grandes_tables(api: Any, client_connecte: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("EXPLAIN se juge sur PostgreSQL")
    call_command("charger_demo", centres=CENTRES, verbosity=0)
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")
    pays = simuler(api, "nationale")
    direction = Direction.objects.filter(centres__isnull=False).first()
    centre = Centre.objects.filter(direction=direction).first()
    poste = centre.centre_postes.first().poste_id
    derniere = -(-TachesDuReseau().count() // 50)
    # Comptées sur tout le pays, mais une fois par révision : gardées, et préchauffées chaque nuit.
    annees_des_volumes()
    lectures = [
        (client_connecte, reverse(f"simulations:{nom}"))
        for nom in ("directions", "nationale", "lot", "liste", "scenarios", "comparer")
    ]
    lectures += [
        (client_connecte, reverse("simulations:direction", args=[direction.pk])),
        (client_connecte, reverse("simulations:centre", args=[centre.pk])),
        (client_connecte, pays.get_absolute_url()),
        *(
            (api, f"/api/{chemin}")
            for chemin in (
                *("regions", "directions", "centres", "postes", "typologies", "taches"),
                *(f"taches?page={derniere}", f"taches?page={derniere // 2}"),
                *(f"taches?centre={centre.pk}", f"taches?direction={direction.pk}", f"centres/{centre.pk}"),
                *(f"directions/{direction.pk}", f"directions/{direction.pk}/centres"),
                *(f"centres/{centre.pk}/postes", f"centres/{centre.pk}/postes/{poste}/taches"),
                f"async/task/{pays.pk}",
            )
        ),
    ]
    fautes = {}
    for client, adresse in lectures:
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200, adresse
        for requete in [r["sql"] for r in requetes if _lit_une_grande_table(r["sql"])]:
            if lues := parcours_de(requete):
                fautes[adresse] = (sorted(lues), requete[:300])
    assert fautes == {}
    # Ce que le test verrait : un parcours entier est bien reconnu.
    assert parcours_de("SELECT 1 FROM referentiels_tache WHERE nom LIKE '%zz%'") == {"referentiels_tache"}


def _lit_une_grande_table(sql: str) -> bool:
    return sql.startswith("SELECT") and any(table in sql for table in GRANDES)
