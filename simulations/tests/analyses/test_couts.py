"""Les coûts : un salaire inconnu reste inconnu."""

from typing import Any

import pytest

from referentiels.models import Poste
from simulations.models import Simulation
from simulations.tests.outils.parcours import lire, simuler

pytestmark = pytest.mark.django_db


def test_les_couts_comparent_la_masse_presente_et_calculee(api: Any, nationale: Simulation) -> None:
    Poste.objects.filter(code="CHEF DE CENTRE").update(salaire_mensuel=None)
    inconnu = lire(api, f"/api/simulations/{nationale.pk}/couts")["total"]
    assert inconnu["actuel_mensuel"] is None
    assert inconnu["salaires_inconnus"] == 4
    Poste.objects.filter(code="CHEF DE CENTRE").update(salaire_mensuel=9000)
    payee = simuler(api)
    connu = lire(api, f"/api/simulations/{payee.pk}/couts")["total"]
    assert connu["actuel_mensuel"] == (1 + 9 + 1 + 9) * 5000 + 4 * 9000
    assert connu["ecart_annuel"] == pytest.approx(12 * connu["ecart_mensuel"])
    assert connu["ecart_mensuel"] == float(payee.cout_mensuel)
