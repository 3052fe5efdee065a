"""La page d'une simulation dit ce qui a changé depuis son calcul : le référentiel, les volumes, ou rien."""

import re
from typing import Any

import pytest
from django.utils import timezone

from referentiels.models import Poste, Tache, VolumeAnnuel
from referentiels.tests.outils.factories import (
    CentreFactory,
    DirectionFactory,
    FluxFactory,
    VolumeAnnuelFactory,
)
from simulateur.models import Revision
from simulateur.tests.outils.texte import texte_visible as texte
from simulations.models import Simulation
from simulations.tests.outils.pages import simulation_terminee
from simulations.tests.outils.reseau import centre_a_simuler, direction_a_simuler

pytestmark = pytest.mark.django_db


@pytest.fixture
def direction() -> Any:
    return direction_a_simuler()


@pytest.fixture
def terminee(direction: Any, utilisateur: Any) -> Simulation:
    return simulation_terminee(direction, demandeur=utilisateur)


def test_la_page_ne_dit_pas_que_le_referentiel_a_change_quand_il_n_a_pas_bouge(
    client_connecte, terminee, direction
):
    DirectionFactory(nom="Ailleurs")
    centre_a_simuler()
    VolumeAnnuelFactory(centre=direction.centres.first(), annee=2024)
    assert "changé depuis" not in texte(client_connecte.get(terminee.get_absolute_url()))


@pytest.mark.parametrize(
    "changer",
    [
        lambda direction: Tache.objects.filter(centre_poste__centre__direction=direction).update(
            duree_secondes=99
        ),
        lambda direction: CentreFactory(direction=direction),
        lambda direction: Poste.objects.first().save(),
        lambda direction: FluxFactory().save(),
    ],
    ids=["une tâche", "un centre", "un poste", "une règle"],
)
def test_la_page_dit_que_le_referentiel_a_change_depuis(client_connecte, terminee, direction, changer):
    changer(direction)
    assert "Le référentiel a changé depuis." in texte(client_connecte.get(terminee.get_absolute_url()))


def changer_un_volume(direction):
    VolumeAnnuel.objects.filter(centre__direction=direction, annee=2026).update(volume=1)


def changer_une_tache(direction):
    Tache.objects.filter(centre_poste__centre__direction=direction).update(duree_secondes=99)


@pytest.mark.parametrize(
    ("changements", "phrase"),
    [
        ([changer_un_volume], "Les volumes de 2026 ont changé depuis."),
        ([changer_une_tache], "Le référentiel a changé depuis."),
        ([changer_un_volume, changer_une_tache], "Le référentiel et les volumes de 2026 ont changé depuis."),
    ],
    ids=["volumes", "référentiel", "les deux"],
)
def test_la_page_dit_lequel_du_referentiel_ou_des_volumes_a_change(
    client_connecte, terminee, direction, changements, phrase
):
    for changer in changements:
        changer(direction)
    page = texte(client_connecte.get(terminee.get_absolute_url()))
    assert re.findall(r"Le(?:s volumes| référentiel)[^.]* changé depuis\.", page) == [phrase]


def test_des_volumes_ecrits_avant_le_calcul_ne_sont_pas_un_changement(client_connecte, direction):
    changer_un_volume(direction)
    simulation = simulation_terminee(direction)
    assert "changé depuis" not in texte(client_connecte.get(simulation.get_absolute_url()))


def test_un_calcul_d_avant_les_revisions_de_depart_se_fie_a_son_heure(client_connecte, terminee, direction):
    Simulation.objects.update(revision_depart=None)
    assert "changé depuis" not in texte(client_connecte.get(terminee.get_absolute_url()))
    changer_un_volume(direction)
    assert "Les volumes de 2026 ont changé depuis." in texte(client_connecte.get(terminee.get_absolute_url()))


def test_une_direction_nouvelle_change_le_referentiel_d_une_nationale(client_connecte, direction):
    Revision.objects.update(modifie_le=timezone.now())
    nationale = simulation_terminee()
    assert "changé depuis" not in texte(client_connecte.get(nationale.get_absolute_url()))
    centre_a_simuler()
    assert "Le référentiel a changé depuis." in texte(client_connecte.get(nationale.get_absolute_url()))
