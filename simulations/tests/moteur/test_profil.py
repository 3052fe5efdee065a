"""Un mois du profil est le calcul de ce mois."""

from dataclasses import replace

import numpy as np
from hypothesis import given

from simulations.moteur import calculer
from simulations.moteur.arrondis import PICO
from simulations.moteur.profil import PARTS_DEFAUT, pointe, profil
from simulations.tests.outils.cartes_tirees import carte, volumes
from simulations.tests.outils.lois import graines, jeux, lois


@lois
@given(graines, jeux)
def test_un_mois_du_profil_est_le_calcul_de_ce_mois(graine, parametres):
    la_carte = carte(graine)
    saisis = volumes(la_carte, graine)
    parts = [5.0, 12.5, *PARTS_DEFAUT[2:]]
    resultat = profil(la_carte, saisis, parametres, parts)
    for mois in range(3):
        attendu = calculer(la_carte, saisis, replace(parametres, part_du_mois=parts[mois]))
        np.testing.assert_allclose(resultat.etp_pico[:, mois], attendu.etp_pico, atol=PICO * 1e-9)
    etp, _ = resultat.au_niveau(la_carte, "national")
    assert pointe(etp[0]) in (1, 0)
