"""Les sommes et les ordres : elles ne dépendent ni du niveau, ni de l'ordre des tâches."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulations.moteur import appliquer_mode, calculer
from simulations.moteur.decomposition import MESURES
from simulations.moteur.niveaux import lignes
from simulations.tests.outils.cartes_tirees import carte, melangee, volumes
from simulations.tests.outils.lois import graines, jeux, lois


@lois
@given(graines, jeux)
def test_national_egale_la_somme_des_directions_des_centres_et_des_postes(graine, parametres):
    la_carte = appliquer_mode(carte(graine), parametres.mode)
    resultat = calculer(la_carte, volumes(la_carte, graine), parametres)
    for mesure in MESURES:
        valeurs = getattr(resultat, mesure)
        totaux = {
            int(lignes(la_carte, niveau).sommer(valeurs).sum())
            for niveau in ("national", "direction", "centre", "poste")
        }
        assert totaux == {int(valeurs.sum())}


@lois
@given(graines, jeux, st.floats(0, 300))
def test_les_etp_croissent_avec_un_volume_et_avec_le_temps_mort(graine, parametres, plus):
    la_carte = carte(graine)
    saisis = volumes(la_carte, graine)
    avant = calculer(la_carte, saisis, parametres).etp_pico
    davantage = saisis.copy()
    davantage[0, graine % 5] += plus * 1000
    assert (calculer(la_carte, davantage, parametres).etp_pico >= avant).all()
    lent = replace(parametres, temps_mort=parametres.temps_mort + plus)
    assert (calculer(la_carte, saisis, lent).etp_pico >= avant).all()


@lois
@given(graines, jeux)
def test_l_ordre_des_taches_ne_change_rien(graine, parametres):
    la_carte = carte(graine)
    saisis = volumes(la_carte, graine)
    droit = calculer(la_carte, saisis, parametres)
    autre = calculer(melangee(la_carte, graine), saisis, parametres)
    for mesure in MESURES:
        np.testing.assert_array_equal(getattr(droit, mesure), getattr(autre, mesure))
