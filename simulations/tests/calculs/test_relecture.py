"""Relire une simulation : sa carte, son mode, ses seuls centres."""

from typing import Any

import pytest

from referentiels.models import Poste
from referentiels.tests.outils.factories import (
    CentrePosteFactory,
    MappingPosteRecommandeFactory,
    TacheExclueFactory,
    TacheFactory,
)
from simulateur.cache.memoire import Memoire
from simulations.calculs.lancement import lancer
from simulations.calculs.relecture import relire_direction
from simulations.demandes.demande import lire_demande
from simulations.models import PartSimulation, ResultatPoste, Simulation
from simulations.tests.outils.pages import calculer, simulation_terminee
from simulations.tests.outils.reseau import direction_a_simuler

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cartes_oubliees() -> None:
    Memoire.tout_oublier()


@pytest.fixture
def direction() -> Any:
    direction = direction_a_simuler(3)
    Poste.objects.update(salaire_mensuel=5000)
    return direction


@pytest.fixture
def terminee(direction: Any, utilisateur: Any) -> Simulation:
    return simulation_terminee(direction, demandeur=utilisateur, productivite=70)


@pytest.mark.parametrize("mode", ["actuel", "recommande", "optimise"])
def test_le_detail_suit_le_mode_et_le_lot_de_la_simulation(direction, mode):
    centre = direction.centres.first()
    source = CentrePosteFactory(centre=centre, poste__code="TRIEUR", effectif_actuel=1)
    TacheFactory(centre_poste=source, nom="À regrouper")
    TacheExclueFactory(typologie=centre.typologie, nom="À regrouper")
    MappingPosteRecommandeFactory(poste_source=source.poste, poste_cible__code="AGENT TRAITEMENT")
    simulation = calculer(
        lancer(
            niveau=Simulation.Niveau.BATCH,
            demande=lire_demande({"mode": mode}),
            centre_ids=[centre.pk],
            annee=2026,
        )
    )
    relue = relire_direction(simulation, direction.pk)
    assert list(relue.carte.centres.id) == [centre.pk]
    for poste in ResultatPoste.objects.filter(simulation=simulation):
        detail = relue.detail(centre.pk, poste.titre_id)
        assert sum(t.heures_par_jour for t in detail) == pytest.approx(float(poste.heures), rel=1e-12)
        attendues = {"actuel": 1, "recommande": 2, "optimise": 1}
        if poste.nom == "Agent traitement":
            assert len(detail) == attendues[mode]


def test_un_poste_absent_de_la_carte_n_a_pas_de_detail(terminee, direction):
    assert relire_direction(terminee, direction.pk).detail(-1, -1) == []
    with pytest.raises(PartSimulation.DoesNotExist):
        relire_direction(terminee, 0)
