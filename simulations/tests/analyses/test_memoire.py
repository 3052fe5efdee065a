"""La mémoire des analyses : calculées une fois, et oubliées quand elles changent de forme."""

from uuid import uuid4

import numpy as np
import pytest

from simulateur.web.refus import Refus
from simulations.analyses import memoire
from simulations.models import Simulation

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]


def test_une_analyse_ne_se_calcule_qu_une_fois_par_forme(monkeypatch):
    simulation, faits = Simulation(pk=uuid4()), []

    def calcul():
        faits.append(len(faits))
        return {"rang": faits[-1]}

    for _ in range(2):
        assert memoire.memoriser([simulation], "essai", calcul) == {"rang": 0}
    monkeypatch.setattr(memoire, "FORME", memoire.FORME + 1)
    assert memoire.memoriser([simulation], "essai", calcul) == {"rang": 1}


def test_un_chiffre_que_64_bits_ne_tiennent_pas_est_refuse():
    def calcul():
        return {"trop": np.array([1e30]).astype(np.int64).tolist()}

    with pytest.raises(Refus, match="démesurés"):
        memoire.memoriser([Simulation(pk=uuid4())], "essai", calcul)
