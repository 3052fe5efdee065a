"""manage.py comparer : les causes de l'API, et des phrases pour des clés fausses."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from simulateur.langue.nombres import signe
from simulations.models import Simulation
from simulations.tests.outils.parcours import lire, petit_reseau, simuler

pytestmark = pytest.mark.django_db


def _dire(*arguments: Any, **options: Any) -> str:
    sortie = io.StringIO()
    call_command(*arguments, stdout=sortie, **options)
    return sortie.getvalue()


@pytest.fixture
def nationale(api: Any) -> Simulation:
    petit_reseau()
    return simuler(api)


def test_comparer_imprime_les_causes_de_l_api(api: Any, nationale: Simulation) -> None:
    autre = simuler(api, "nationale", {"temps_mort": 60})
    texte = _dire("comparer", str(nationale.pk), str(autre.pk))
    total = lire(api, "/api/simulations/comparer", ids=f"{nationale.pk},{autre.pk}")["total"][0]
    assert signe(total["pourquoi"]["capacite"]["etp"], 3) in texte
    en_json = json.loads(_dire("comparer", str(nationale.pk), str(autre.pk), json=True))
    assert en_json["total"][0] == total


@pytest.mark.parametrize("cles", [["x", "y"], ["00000000-0000-4000-8000-000000000000"] * 2])
def test_comparer_des_cles_fausses_est_une_phrase(cles: list[str]) -> None:
    with pytest.raises(CommandError):
        _dire("comparer", *cles)
