"""Les intervalles sont les quantiles de calculs tirés un à un."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from simulations.moteur import calculer
from simulations.moteur.arrondis import PICO
from simulations.moteur.incertitude import incertitude, tirer_facteurs
from simulations.moteur.lineaire import par_flux
from simulations.moteur.parametres import ARRONDIS
from simulations.tests.outils.cartes_tirees import PARAMETRES, carte, volumes
from simulations.tests.outils.lois import graines, lois


@lois
@given(graines)
def test_sans_dispersion_les_intervalles_sont_les_valeurs_calculees(graine):
    la_carte = carte(graine, nb_centres=6)
    saisis = volumes(la_carte, graine)
    ventilees = par_flux(la_carte, saisis, PARAMETRES)
    facteurs = tirer_facteurs(np.random.default_rng(1), [0.0] * 3, 50)
    intervalles = incertitude(la_carte, ventilees, facteurs)
    etp = calculer(la_carte, saisis, PARAMETRES).etp_pico / PICO
    np.testing.assert_allclose(intervalles.postes.etp, np.repeat(etp[:, None], 4, axis=1), rtol=1e-5)
    np.testing.assert_allclose(intervalles.etp_total, np.full(50, etp.sum()), rtol=1e-5)


def test_les_tirages_donnent_les_quantiles_d_un_calcul_tire_par_tire():
    la_carte = carte(5, nb_centres=6)
    saisis = volumes(la_carte, 5)
    ventilees = par_flux(la_carte, saisis, PARAMETRES)
    facteurs = tirer_facteurs(np.random.default_rng(9), [10.0, 25.0, 5.0], 201)
    resultat = incertitude(la_carte, ventilees, facteurs)
    etp = ventilees.etp(facteurs)
    ronds = np.where(ventilees.mod[:, None], np.floor(etp + 0.5), etp)
    rangs = [5, 20, 180, 195]
    np.testing.assert_allclose(resultat.postes.etp, np.sort(etp, axis=1)[:, rangs], rtol=1e-5)
    np.testing.assert_allclose(resultat.postes.personnes, np.sort(ronds, axis=1)[:, rangs], rtol=1e-6)
    for rang in range(6):
        du_centre = la_carte.postes.centre == rang
        attendu = np.sort(etp[du_centre].sum(axis=0))[rangs]
        np.testing.assert_allclose(resultat.centres.etp[rang], attendu, rtol=1e-5)
        attendu = np.sort(ronds[du_centre].sum(axis=0))[rangs]
        np.testing.assert_allclose(resultat.centres.personnes[rang], attendu, rtol=1e-5)
    np.testing.assert_allclose(resultat.personnes_total, ronds.sum(axis=0), rtol=1e-5)


def test_la_meme_graine_rend_les_memes_tirages_et_la_moyenne_reste_un():
    tirages = [tirer_facteurs(np.random.default_rng(4), [20.0, 0.0, 5.0], 20_000) for _ in range(2)]
    np.testing.assert_array_equal(*tirages)
    np.testing.assert_allclose(tirages[0].mean(axis=1), [1, 1, 1], atol=0.01)
    np.testing.assert_allclose(tirages[0].std(axis=1), [0.2, 0, 0.05], rtol=0.03, atol=1e-12)
    assert (tirages[0] > 0).all()


@pytest.mark.parametrize("arrondi", ARRONDIS)
def test_sans_dispersion_les_intervalles_sont_le_calcul_meme(arrondi):
    """Chaque tirage refait l'arrondi demandé : à dispersion nulle, il retrouve celui du calcul."""
    lue = carte(11)
    saisis = volumes(lue, 11)
    parametres = replace(PARAMETRES, arrondi=arrondi)
    ventilees = par_flux(lue, saisis, parametres)
    facteurs = tirer_facteurs(np.random.default_rng(1), [0.0] * 3, 100)
    tire = incertitude(lue, ventilees, facteurs, arrondi)
    attendu = calculer(lue, saisis, parametres).arrondi / 100
    np.testing.assert_allclose(tire.postes.personnes, np.repeat(attendu[:, None], 4, axis=1), atol=1e-4)
    assert tire.personnes_total == pytest.approx(attendu.sum(), abs=1e-3)
