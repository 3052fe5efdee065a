"""manage.py couverture."""

import pytest
from django.core.management import CommandError

from referentiels.models import Direction
from referentiels.tests.outils.factories import ProduitFactory, TacheFactory
from simulations.models import Simulation
from simulations.tests.outils.commandes import dire

pytestmark = pytest.mark.django_db


def test_couverture_liste_les_regles_manquantes(nationale: Simulation) -> None:
    TacheFactory(produit=ProduitFactory(code="INVENTE"))
    assert "INVENTE" in dire("couverture")
    direction = Direction.objects.get(pk=nationale.centres.first().direction_id)
    assert "INVENTE" not in dire("couverture", direction=direction.code)
    with pytest.raises(CommandError, match="inconnue"):
        dire("couverture", direction="ZZZ")
