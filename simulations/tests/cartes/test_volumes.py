"""Les volumes d'un calcul : gardés sans perte, et remplacés par ceux qu'on saisit."""

import numpy as np
import pytest

from simulations.cartes.volumes import appliquer_volumes, volumes_depuis_octets, volumes_en_octets
from simulations.tests.outils.cartes_tirees import carte, volumes

pytestmark = pytest.mark.rapide


def test_des_volumes_gardes_se_relisent_au_bit_pres():
    la_carte = carte(5)
    saisis = volumes(la_carte, 5)
    np.testing.assert_array_equal(volumes_depuis_octets(volumes_en_octets(saisis), la_carte), saisis)


def test_des_volumes_d_une_autre_carte_ne_se_relisent_pas():
    la_carte = carte(5)
    octets = volumes_en_octets(volumes(la_carte, 5)[:-1])
    with pytest.raises(ValueError, match="reshape"):
        volumes_depuis_octets(octets, la_carte)


def test_une_saisie_remplace_son_flux_et_son_sens_dans_son_seul_centre():
    la_carte = carte(5)
    avant = volumes(la_carte, 5) + 1
    apres = avant.copy()
    groupes = np.array(la_carte.regles.cellule_groupe)
    saisie = {"centre_id": int(la_carte.centres.id[0]), "cellule": la_carte.regles.cellules[0], "volume": 7.0}
    appliquer_volumes(la_carte, apres, [saisie, {**saisie, "centre_id": -1}])
    touches = groupes == groupes[0]
    assert apres[0, 0] == 7
    assert apres[0, touches].sum() == 7
    np.testing.assert_array_equal(apres[0, ~touches], avant[0, ~touches])
    np.testing.assert_array_equal(apres[1:], avant[1:])
