"""Les critères de l'historique : un seul filtre, que la page et l'API remplissent chacune à sa façon."""

from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from simulations.models import Scenario, Simulation
from simulations.resultats.historique import CONDITIONS, TRIS, Criteres, filtrer

pytestmark = pytest.mark.django_db


@pytest.fixture
def voulue(utilisateur: Any, direction: Any) -> Simulation:
    """Celle que chaque critère garde ; les autres simulations n'en remplissent aucun."""
    return Simulation.objects.create(
        libelle="Été à Fès",
        niveau="direction",
        direction=direction,
        etat="en_cours",
        jeton="00000000-0000-4000-8000-000000000000",
        battement=timezone.now(),
        annee=2026,
        parametres={"mode": "optimise"},
        demandeur=utilisateur,
        scenario=Scenario.objects.create(nom="Hausse", proprietaire=utilisateur, parametres={}),
        conservee=True,
        cree_le=timezone.now(),
    )


@pytest.fixture
def autre() -> Simulation:
    return Simulation.objects.create(
        libelle="Tout le réseau",
        niveau="national",
        annee=2026,
        parametres={"mode": "actuel"},
        cree_le=timezone.now() - timedelta(days=30),
    )


def _garde(**criteres: Any) -> set[Simulation]:
    return set(filtrer(Simulation.objects.all(), Criteres(**criteres)))


def test_chaque_critere_filtre_et_aucun_ne_garde_tout(voulue: Simulation, autre: Simulation) -> None:
    assert _garde() == {voulue, autre}
    valeurs = {
        "niveau": "direction",
        "etat": "en_cours",
        "mode": "optimise",
        "direction_id": voulue.direction_id,
        "scenario_id": voulue.scenario_id,
        "nom_du_scenario": "haus",
        "demandeur_id": voulue.demandeur_id,
        "nom_du_demandeur": voulue.demandeur.username[:3],
        "libelle": "fès",
        "conservee": True,
        "du": timezone.localdate(),
    }
    assert set(valeurs) == set(CONDITIONS) - {"au"}
    assert {champ.name for champ in fields(Criteres)} == {*CONDITIONS, "tri"}
    for nom, valeur in valeurs.items():
        assert _garde(**{nom: valeur}) == {voulue}, nom
    assert _garde(**valeurs) == {voulue}
    assert _garde(au=timezone.localdate() - timedelta(days=1)) == {autre}
    assert _garde(conservee=False) == {autre}


@pytest.mark.parametrize("tri", TRIS)
def test_a_egalite_l_ordre_est_toujours_le_meme(tri: str) -> None:
    moment = timezone.now()
    Simulation.objects.bulk_create(
        Simulation(libelle="Égale", niveau="national", annee=2026, cree_le=moment) for _ in range(5)
    )
    cles = sorted(Simulation.objects.values_list("pk", flat=True), key=str)
    for sens in ("", "-"):
        triees = filtrer(Simulation.objects.all(), Criteres(tri=f"{sens}{tri}"))
        assert [simulation.pk for simulation in triees] == cles
