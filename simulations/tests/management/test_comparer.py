"""manage.py comparer."""

import json
from typing import Any

import pytest
from django.core.management import CommandError

from simulateur.langue.nombres import signe
from simulations.models import Simulation
from simulations.tests.outils.commandes import dire
from simulations.tests.outils.parcours import lire, simuler

pytestmark = pytest.mark.django_db


def test_comparer_imprime_les_causes_de_l_api(api: Any, nationale: Simulation) -> None:
    autre = simuler(api, "nationale", {"temps_mort": 60})
    texte = dire("comparer", str(nationale.pk), str(autre.pk))
    total = lire(api, "/api/simulations/comparer", ids=f"{nationale.pk},{autre.pk}")["total"][0]
    assert signe(total["pourquoi"]["capacite"]["etp"], 3) in texte
    en_json = json.loads(dire("comparer", str(nationale.pk), str(autre.pk), json=True))
    assert en_json["total"][0] == total


@pytest.mark.parametrize("cles", [["x", "y"], ["00000000-0000-4000-8000-000000000000"] * 2])
def test_comparer_des_cles_fausses_est_une_phrase(cles: list[str]) -> None:
    with pytest.raises(CommandError):
        dire("comparer", *cles)
