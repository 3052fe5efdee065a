"""Démarrer ne paie pas les bibliothèques lourdes : seul un calcul les charge."""

import subprocess
import sys

import pytest
from django.conf import settings

from simulateur.travaux import sortes
from simulations.models import Simulation

FACES = """
import django, sys
django.setup()
from django.urls import get_resolver
from simulateur.travaux import entrees
import simulations.moteur, simulations.analyses.registre, simulations.calculs.execution
get_resolver().url_patterns
print([nom for nom in ("scipy", "sklearn", "openpyxl", "matplotlib", "pandas") if nom in sys.modules])
"""


@pytest.mark.rapide
def test_les_pages_l_api_et_la_file_ne_chargent_aucune_bibliotheque_lourde():
    sortie = subprocess.run(
        [sys.executable, "-c", FACES], cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=120
    )
    assert sortie.stdout.strip() == "[]", sortie.stderr


@pytest.mark.parametrize("niveau", Simulation.Niveau.values)
def test_seul_le_calcul_du_pays_laisse_passer_les_autres(niveau):
    assert sortes.est_long(Simulation(niveau=niveau)) is (niveau == "national")
