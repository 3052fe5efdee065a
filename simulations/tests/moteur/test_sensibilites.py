"""Chaque sensibilité est la différence de deux calculs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from simulations.moteur import calculer
from simulations.moteur.arrondis import PICO
from simulations.moteur.sensibilites import sensibilites
from simulations.tests.outils.cartes_tirees import PARAMETRES, carte, volumes
from simulations.tests.outils.lois import graines, jeux, lois


@lois
@given(graines, jeux)
def test_chaque_sensibilite_est_la_difference_de_deux_calculs(graine, parametres):
    la_carte = carte(graine)
    saisis = volumes(la_carte, graine)
    resultat = sensibilites(la_carte, saisis, parametres)
    mod = la_carte.titres.mod[la_carte.postes.titre]
    avant = np.where(mod, calculer(la_carte, saisis, parametres).etp_pico, 0)
    codes = [levier.code for levier in resultat.leviers]
    variantes = {
        "temps_mort": replace(parametres, temps_mort=parametres.temps_mort + 1),
        "productivite": replace(parametres, productivite=parametres.productivite + 1),
        "heures_jour": replace(parametres, heures_jour=parametres.heures_jour * 1.01),
    }
    for code, variante in variantes.items():
        apres = np.where(mod, calculer(la_carte, saisis, variante).etp_pico, 0)
        np.testing.assert_allclose(resultat.etp_pico[codes.index(code)], apres - avant, atol=PICO * 1e-9)
    if "flux_co_plus" in codes:
        taux = {"AMANA": parametres.croissance.get("AMANA", parametres.croissance.get("", 0.0))}
        taux[""] = parametres.croissance.get("", 0.0)
        co = parametres.croissance.get("CO", taux[""])
        plus = replace(parametres, croissance={**taux, "CO": ((1 + co / 100) * 1.1 - 1) * 100})
        apres = np.where(mod, calculer(la_carte, saisis, plus).etp_pico, 0)
        np.testing.assert_allclose(
            resultat.etp_pico[codes.index("flux_co_plus")], apres - avant, atol=PICO * 1e-9
        )


def test_une_minute_de_temps_mort_coute_et_un_point_de_productivite_rapporte():
    la_carte = carte(3)
    resultat = sensibilites(la_carte, volumes(la_carte, 3), PARAMETRES)
    etp, _ = resultat.au_niveau(la_carte, "national")
    effets = dict(zip([levier.code for levier in resultat.leviers], etp[0].tolist(), strict=True))
    assert effets["temps_mort"] > 0 > effets["productivite"]
    assert effets["flux_amana_plus"] == pytest.approx(-effets["flux_amana_moins"], rel=1e-9)
    assert not any("vide" in code for code in effets)
