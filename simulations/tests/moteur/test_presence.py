"""La présence : elle multiplie la capacité, et rien d'autre."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulations.moteur import calculer, capacites
from simulations.moteur.arrondis import PICO
from simulations.moteur.calcul import capacites_nettes
from simulations.moteur.decomposition import COMPOSANTES, Entrees, decomposer
from simulations.moteur.detail import formule_etp
from simulations.moteur.incertitude import facteurs_de_presence, incertitude, tirer_facteurs
from simulations.moteur.lineaire import par_flux
from simulations.moteur.presence import PRESENCE_MIN, presence
from simulations.moteur.sensibilites import sensibilites
from simulations.tests.outils.cartes_tirees import PARAMETRES, carte, volumes
from simulations.tests.outils.lois import graines, jeux, lois

ABSENTS = {"conges_jours": 26.0, "formation_jours": 5.0, "absence_pct": 6.0}


@lois
@given(
    graines,
    jeux,
    st.floats(min_value=0, max_value=150),
    st.floats(min_value=0, max_value=50),
    st.floats(min_value=0, max_value=50),
)
def test_l_etp_multiplie_par_la_presence_ne_depend_pas_d_elle(graine, parametres, conges, formation, absence):
    la_carte = carte(graine)
    saisis = volumes(la_carte, graine)
    libres = {"conges_jours": conges, "formation_jours": formation, "absence_pct": absence}
    absents = replace(parametres, libres={**parametres.libres, **libres})
    mod = la_carte.titres.mod[la_carte.postes.titre]
    tau = presence(la_carte, absents)[la_carte.postes.centre]
    entiers = calculer(la_carte, saisis, parametres).etp_pico / PICO
    reduits = calculer(la_carte, saisis, absents).etp_pico / PICO
    np.testing.assert_allclose(reduits[mod] * tau[mod], entiers[mod], rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(reduits[~mod], entiers[~mod])


def test_sans_rien_donner_chacun_est_la():
    assert (presence(carte(3), PARAMETRES) == 1.0).all()


def test_le_centre_l_emporte_sur_le_calcul_et_le_plancher_tient():
    la_carte = carte(3)
    pk = int(la_carte.centres.id[0])
    lus = presence(la_carte, replace(PARAMETRES, libres=ABSENTS, par_centre={pk: {"absence_pct": 50.0}}))
    jours = PARAMETRES.jours_ouvres
    assert lus[0] == pytest.approx((jours - 31) / jours * 0.5)
    assert lus[1:] == pytest.approx((jours - 31) / jours * 0.94)
    noye = replace(PARAMETRES, jours_ouvres=20.0, libres={"conges_jours": 19.0})
    assert (presence(la_carte, noye) == PRESENCE_MIN).all()


def test_la_presence_s_applique_apres_les_planchers_de_capacite():
    la_carte = carte(3)
    creuse = replace(PARAMETRES, temps_mort=480.0, libres={"absence_pct": 50.0})
    np.testing.assert_allclose(
        capacites(la_carte, creuse), capacites_nettes(la_carte.traits, creuse) * 0.5, rtol=1e-15
    )


@pytest.mark.parametrize("ou", ["calcul", "référentiel"])
def test_la_presence_est_une_cause_a_elle(ou):
    la_carte = carte(7)
    saisis = volumes(la_carte, 7)
    if ou == "calcul":
        apres = Entrees(la_carte, saisis, replace(PARAMETRES, libres={**PARAMETRES.libres, **ABSENTS}))
    else:
        propres = (*la_carte.centres.parametres, (0, "absence_pct", 20.0))
        reglee = replace(la_carte, centres=replace(la_carte.centres, parametres=propres))
        apres = Entrees(reglee, saisis, PARAMETRES)
    effets = decomposer([Entrees(la_carte, saisis, PARAMETRES)], [apres]).effets
    assert {nom for nom, effet in zip(COMPOSANTES, effets, strict=True) if effet.any()} == {"presence"}


def test_un_point_d_absence_est_un_levier():
    la_carte = carte(3)
    saisis = volumes(la_carte, 3)
    depart = replace(PARAMETRES, libres={**PARAMETRES.libres, **ABSENTS})
    pk = int(la_carte.centres.id[0])
    depart = replace(depart, par_centre={pk: {"absence_pct": 30.0}})
    de_plus = replace(
        depart, libres={**depart.libres, "absence_pct": 7.0}, par_centre={pk: {"absence_pct": 31.0}}
    )
    resultat = sensibilites(la_carte, saisis, depart)
    rang = [levier.code for levier in resultat.leviers].index("absence")
    attendu = calculer(la_carte, saisis, de_plus).etp_pico - calculer(la_carte, saisis, depart).etp_pico
    np.testing.assert_allclose(resultat.etp_pico[rang], attendu, atol=PICO * 1e-9)
    assert attendu.sum() > 0


def test_l_incertitude_sur_l_absence_refait_le_calcul_a_chaque_tirage():
    la_carte = carte(3)
    saisis = volumes(la_carte, 3)
    depart = replace(PARAMETRES, libres={**PARAMETRES.libres, **ABSENTS})
    ventilees = par_flux(la_carte, saisis, depart)
    surs = tirer_facteurs(np.random.default_rng(1), [0.0] * len(ventilees.flux), 3)
    presences = facteurs_de_presence(la_carte, depart, np.array([-2.0, 0.0, 4.0]))
    tires = incertitude(la_carte, ventilees, surs, presences=presences).etp_total
    attendus = [
        calculer(
            la_carte, saisis, replace(depart, libres={**depart.libres, "absence_pct": 6.0 + points})
        ).etp_pico.sum()
        / PICO
        for points in (-2.0, 0.0, 4.0)
    ]
    np.testing.assert_allclose(tires, attendus, rtol=1e-5)


def test_un_poste_dit_comment_ses_heures_font_son_etp():
    la_carte = carte(3)
    rang = int(np.flatnonzero(la_carte.traits.mod & ~la_carte.traits.soumis_au_trajet)[0])
    nu = replace(PARAMETRES, heures_jour=8.0, productivite=100.0, temps_mort=0.0, libres={})
    assert formule_etp(la_carte, rang, 16 * PICO, nu) == "16,0000 h ÷ 8 h nettes = 2,0000 ETP"
    absent = replace(nu, jours_ouvres=250.0, libres={"conges_jours": 25.0, "absence_pct": 10.0})
    assert formule_etp(la_carte, rang, 16 * PICO, absent) == (
        "16,0000 h ÷ (8 h nettes × 81 % de présence : (250 − 25) ÷ 250 jours × (1 − 10 %)) = 2,4691 ETP"
    )
    moi = np.flatnonzero(~la_carte.traits.mod)
    assert all(formule_etp(la_carte, int(poste), 0, nu) == "" for poste in moi)
