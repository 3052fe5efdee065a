"""La liste des simulations : filtres, tri, pages, gestes."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone

from referentiels.models import Poste
from simulateur.tests.outils.texte import texte_visible as texte
from simulations.models import Simulation
from simulations.pages import historique
from simulations.tests.outils.pages import simulation_en_file, simulation_terminee
from simulations.tests.outils.reseau import direction_a_simuler

pytestmark = pytest.mark.django_db


@pytest.fixture
def direction() -> Any:
    direction = direction_a_simuler(3)
    Poste.objects.update(salaire_mensuel=5000)
    return direction


@pytest.fixture
def terminee(direction: Any, utilisateur: Any) -> Simulation:
    return simulation_terminee(direction, demandeur=utilisateur, productivite=70)


def test_l_historique_se_filtre_se_trie_et_se_pagine(
    client_connecte, terminee, utilisateur_staff, monkeypatch
):
    autre = direction_a_simuler(1)
    en_file = simulation_en_file(autre, demandeur=utilisateur_staff)
    nationale = simulation_terminee(demandeur=utilisateur_staff)

    def trouvees(**filtres: Any) -> set[Simulation]:
        caches["pages"].clear()  # une page resservie n'a plus de contexte
        reponse = client_connecte.get(reverse("simulations:liste"), filtres)
        return {ligne["simulation"] for ligne in reponse.context["lignes"]}

    assert trouvees() == {terminee, en_file, nationale}
    assert trouvees(etat="en_file") == {en_file}
    assert trouvees(niveau="national") == {nationale}
    assert trouvees(direction=autre.pk) == {en_file}
    assert trouvees(demandeur="cam") == {terminee}
    aujourd_hui = timezone.localdate()
    assert trouvees(du=aujourd_hui, au=aujourd_hui) == {terminee, en_file, nationale}
    assert trouvees(du=aujourd_hui + timedelta(days=1)) == set()
    assert trouvees(etat="inconnu") == set()
    monkeypatch.setattr(historique, "SIMULATIONS_PAR_PAGE", 2)
    assert len(trouvees()) == 2
    assert len(trouvees(page="2")) == 1


def test_le_formulaire_montre_tous_ses_filtres_et_garde_ce_qui_est_demande(client_connecte, direction):
    page = client_connecte.get(reverse("simulations:liste"), {"niveau": "national"}).content.decode()
    for nom in ("etat", "niveau", "direction", "mode", "scenario", "conservee", "demandeur", "du", "au"):
        assert f'name="{nom}"' in page
    assert direction.nom in page
    assert '<option value="national" selected>' in page


def test_on_annule_depuis_l_historique_et_on_y_revient(client_connecte, direction, utilisateur):
    simulation = simulation_en_file(direction, demandeur=utilisateur)
    reponse = client_connecte.post(
        reverse("simulations:annuler", args=[simulation.pk]), {"retour": "liste"}, follow=True
    )
    assert reponse.redirect_chain[-1][0] == reverse("simulations:liste")
    assert "Simulation annulée avant d'avoir commencé." in texte(reponse)
