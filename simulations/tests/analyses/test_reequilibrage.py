"""Le rééquilibrage : une proposition, rien n'est appliqué."""

from typing import Any

import pytest

from referentiels.models import CentrePoste, MappingPosteRecommande, Poste
from referentiels.tests.outils.factories import CentrePosteFactory, PosteFactory, TacheFactory
from simulations.models import Simulation
from simulations.tests.outils.parcours import lire, simuler

pytestmark = pytest.mark.django_db


def test_le_reequilibrage_propose_sans_rien_appliquer(api: Any, nationale: Simulation) -> None:
    avant = list(CentrePoste.objects.order_by("pk").values_list("effectif_actuel", flat=True))
    corps = lire(api, f"/api/simulations/{nationale.pk}/reequilibrage", distance="pays")
    assert corps["mouvements"]
    assert corps["besoin_avant"] - corps["besoin_apres"] == corps["personnes"]
    assert list(CentrePoste.objects.order_by("pk").values_list("effectif_actuel", flat=True)) == avant
    borne = lire(api, f"/api/simulations/{nationale.pk}/reequilibrage", mouvements_max=1)
    assert borne["personnes"] == 1
    assert (
        "distance"
        in lire(api, f"/api/simulations/{nationale.pk}/reequilibrage", 400, distance="lune")["champs"]
    )


@pytest.mark.parametrize(("centre_du_mapping", "deplaces"), [(1, True), (0, False)])
def test_un_mapping_limite_a_un_centre_ne_vaut_que_pour_les_gens_de_ce_centre(
    api: Any, directions: list[Any], centre_du_mapping: int, deplaces: bool
) -> None:
    agent = Poste.objects.get(code="AGENT TRAITEMENT")
    trieur = PosteFactory(code="TRIEUR DE NUIT")
    en_manque, en_surplus = directions[0].centres.order_by("nom")
    tenu = CentrePosteFactory(centre=en_manque, poste=trieur, effectif_actuel=0)
    TacheFactory(centre_poste=tenu, forfait=True, duree_secondes=3600 * 24)
    MappingPosteRecommande.objects.create(
        poste_source=agent, poste_cible=trieur, centre=(en_manque, en_surplus)[centre_du_mapping]
    )
    simulation = simuler(api)
    corps = lire(api, f"/api/simulations/{simulation.pk}/reequilibrage", distance="pays")
    changent = [m for m in corps["mouvements"] if not m["meme_poste"]]
    assert bool(changent) is deplaces
    assert all(m["depart"]["centre_id"] == en_surplus.pk for m in changent)
    assert corps["personnes_entre_centres"] == corps["personnes"]
    sans = lire(api, f"/api/simulations/{simulation.pk}/reequilibrage", distance="pays", mapping="faux")
    assert all(m["meme_poste"] for m in sans["mouvements"])
