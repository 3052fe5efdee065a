"""Les heures ventilées par flux sont celles du calcul."""

import numpy as np
from hypothesis import given

from simulations.moteur.calcul import heures_brutes
from simulations.moteur.lineaire import par_flux
from simulations.tests.outils.cartes_tirees import carte, volumes
from simulations.tests.outils.lois import graines, jeux, lois


@lois
@given(graines, jeux)
def test_les_heures_par_flux_font_les_heures_du_calcul(graine, parametres):
    la_carte = carte(graine)
    saisis = volumes(la_carte, graine)
    ventilees = par_flux(la_carte, saisis, parametres)
    attendues = heures_brutes(la_carte, saisis, parametres)
    np.testing.assert_allclose(ventilees.heures.sum(axis=1) + ventilees.forfait, attendues, rtol=1e-12)
