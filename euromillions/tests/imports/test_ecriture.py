"""Ce qui rend l'import rapide : un démarrage léger, des gains insérés en masse."""

import subprocess
import sys
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from euromillions.lectures import histoire
from euromillions.models import GainRang, Tirage
from euromillions.models.tirages import GAINS

DEMARRAGE = """
import django, importlib, sys
django.setup()
importlib.import_module(sys.argv[1])
print([nom for nom in ("scipy", "sklearn") if nom in sys.modules])
"""


@pytest.mark.parametrize(
    "module", ["euromillions.management.commands.importer_tirages", "euromillions.travaux"]
)
def test_demarrer_la_commande_ou_un_ouvrier_ne_charge_ni_scipy_ni_scikit_learn(module):
    sortie = subprocess.run(
        [sys.executable, "-c", DEMARRAGE, module],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert sortie.stdout.strip() == "[]", sortie.stderr


@pytest.fixture
def gains(petite_histoire):
    """Plus d'un lot de gains : (clé de tirage, rang, gagnants France, Europe, gain)."""
    cles = list(Tirage.objects.order_by("date").values_list("pk", flat=True))
    rangs = range(1, 21)
    return [
        (cle, rang, None if rang == 1 else rang, rang * 10, Decimal("12.50"))
        for cle in cles
        for rang in rangs
    ]


def test_les_gains_inseres_en_masse_se_relisent_tels_quels(gains, monkeypatch):
    monkeypatch.setattr("euromillions.models.tirages.GAINS_PAR_INSERTION", 7)
    avant = histoire.revision()
    GainRang.objects.inserer(gains)
    assert sorted(GainRang.objects.values_list(*GAINS)) == sorted(gains)
    assert histoire.revision() > avant


def test_n_inserer_aucun_gain_ne_touche_pas_la_revision(petite_histoire):
    avant = histoire.revision()
    GainRang.objects.inserer([])
    assert histoire.revision() == avant


def test_un_gain_faux_fait_refuser_tout_le_lot(gains):
    with pytest.raises(IntegrityError), transaction.atomic():
        GainRang.objects.inserer([*gains, (gains[0][0], 21, None, None, Decimal("1.00"))])
    assert not GainRang.objects.exists()
