"""Le terrain où se jugent des grilles : l'urne, le prix, les rangs et les gains de chaque tirage."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from euromillions.lectures import histoire, statistiques
from euromillions.lectures.filtre import Filtre
from euromillions.lectures.terrain import RANGS_MAX, lire_le_terrain
from euromillions.models import GainRang
from euromillions.tests.outils.fabriques import un_tirage

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]
JOURS = (date(2010, 1, 1), date(2012, 1, 3), date(2024, 1, 2))


@pytest.fixture
def trois_eres():
    tirages = [un_tirage(jour, etoiles=(1, 2)) for jour in JOURS]
    for tirage in tirages:
        tirage.save()
    GainRang.objects.create(tirage=tirages[1], rang=6, gain=Decimal("72.30"), gagnants_europe=100)
    return tirages


def test_chaque_tirage_porte_l_urne_le_prix_et_les_rangs_de_son_ere(trois_eres):
    terrain = lire_le_terrain(histoire.charger())
    assert terrain.reserves.tolist() == [9, 11, 12]
    assert terrain.prix.tolist() == [2.0, 2.0, 2.5]
    assert terrain.rangs[:, 5, 2].tolist() == [1, 1, 1]
    assert terrain.rangs[:, 4, 0].tolist() == [6, 6, 7]
    assert terrain.rangs[:, 2, 0].tolist() == [0, 13, 13]
    assert terrain.rangs[:, 0, 0].tolist() == [0, 0, 0]


def test_un_gain_non_publie_reste_inconnu(trois_eres):
    gains = lire_le_terrain(histoire.charger()).gains
    assert gains.shape == (3, RANGS_MAX + 1)
    assert gains[1, 6] == pytest.approx(72.3)
    assert np.isnan(gains).sum() == gains.size - 1


def test_une_selection_ne_garde_que_ses_gains(trois_eres):
    terrain = lire_le_terrain(histoire.charger(Filtre(era="12-etoiles")))
    assert terrain.reserves.tolist() == [12]
    assert np.isnan(terrain.gains).all()


def test_sans_tirage_le_terrain_est_vide():
    terrain = lire_le_terrain(histoire.charger())
    assert (len(terrain.passe), len(terrain.prix), terrain.rangs.shape) == (0, 0, (0, 6, 3))


def test_les_gains_mesures_sont_ceux_de_leur_ere(trois_eres):
    lus = statistiques.gains(Filtre(), histoire.revision()).valeur
    (ere,) = lus["eras"]
    assert (ere["code"], ere["draws"]) == ("11-etoiles", 1)
    rang = next(rang for rang in ere["ranks"] if rang["rank"] == 6)
    assert (rang["winners"], rang["mean_prize_per_winner"]) == (100, pytest.approx(72.3))
    assert statistiques.gains(Filtre(era="9-etoiles"), histoire.revision()).valeur["eras"] == []
