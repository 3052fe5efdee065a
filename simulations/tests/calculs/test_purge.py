"""La purge enlève les vieilles simulations, jamais celles qu'on garde."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import Schedule

from simulateur.travaux.machine import executer
from simulations.calculs.purge import JOURS, purger
from simulations.models import Export, Instantane, PartSimulation, ResultatPoste, Simulation
from simulations.scenarios import services
from simulations.tests.outils.parcours import finir, petit_reseau, simuler

pytestmark = pytest.mark.django_db


@pytest.fixture
def vieille(api: Any) -> Simulation:
    petit_reseau()
    simulation = simuler(api)
    _vieillir(simulation)
    return simulation


def _vieillir(simulation: Simulation, jours: int = JOURS + 1) -> None:
    Simulation.objects.filter(pk=simulation.pk).update(termine_le=timezone.now() - timedelta(days=jours))


def test_une_simulation_de_plus_de_trente_jours_part_avec_ses_resultats(vieille: Simulation) -> None:
    bilan = purger()
    assert (bilan.simulations, bilan.instantanes) == (1, 2)
    assert not any(m.objects.exists() for m in (Simulation, PartSimulation, ResultatPoste, Instantane))


def test_la_purge_ne_lit_aucun_contenu(vieille: Simulation, api: Any, compter_requetes: Any) -> None:
    """Instantanés, volumes et exports pèsent des mégaoctets : les supprimer n'est pas les charger."""
    export = api.post(f"/api/simulations/{vieille.pk}/export").json()["id"]
    executer("simulations.Export", export)
    Export.objects.update(termine_le=timezone.now() - timedelta(days=JOURS + 1))
    with compter_requetes() as requetes:
        bilan = purger()
    assert (bilan.simulations, bilan.exports, bilan.instantanes) == (1, 1, 2)
    lectures = [r["sql"] for r in requetes if r["sql"].lstrip().startswith("SELECT")]
    lourdes = ('"contenu"', '"octets"', '"volumes"', '"volumes_demandes"')
    assert [sql for sql in lectures if any(colonne in sql for colonne in lourdes)] == []


def test_a_blanc_rien_ne_part(vieille: Simulation) -> None:
    assert purger(a_blanc=True).simulations == 1
    assert Simulation.objects.exists()


def test_une_simulation_recente_conservee_ou_d_un_scenario_valide_reste(
    api: Any, utilisateur: Any, vieille: Simulation
) -> None:
    recente = simuler(api)
    _vieillir(recente, JOURS - 1)
    Simulation.objects.filter(pk=vieille.pk).update(conservee=True)
    scenario = services.creer({"nom": "Référence"}, proprietaire=utilisateur)
    du_scenario = finir(services.simuler(scenario, niveau=Simulation.Niveau.NATIONAL, demandeur=utilisateur))
    _vieillir(du_scenario)
    services.valider(scenario, par=utilisateur)
    assert purger().simulations == 0
    assert Instantane.objects.count() == 2


def test_le_brouillon_d_un_scenario_ne_protege_pas_ses_simulations(
    utilisateur: Any, vieille: Simulation
) -> None:
    scenario = services.creer({"nom": "Essai"}, proprietaire=utilisateur)
    Simulation.objects.filter(pk=vieille.pk).update(scenario=scenario)
    assert purger().simulations == 1


def test_une_simulation_en_cours_d_export_attend_la_purge_suivante(api: Any, vieille: Simulation) -> None:
    api.post(f"/api/simulations/{vieille.pk}/export")
    assert purger().simulations == 0


def test_un_instantane_encore_cite_reste_quand_une_autre_simulation_part(
    api: Any, vieille: Simulation
) -> None:
    autre = simuler(api)
    bilan = purger()
    assert (bilan.simulations, bilan.instantanes) == (1, 0)
    assert autre.parts.count() == Instantane.objects.count() == 2


def test_la_purge_est_planifiee_chaque_semaine() -> None:
    plan = Schedule.objects.get(name="simulations : purge")
    assert (plan.func, plan.cron) == ("simulations.travaux.purge_hebdomadaire", "30 3 * * 1")
