"""Les lois des analyses : elles disent la même chose que le calcul, au dernier chiffre quand c'est entier."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulations.moteur import Parametres, appliquer_mode, calculer
from simulations.moteur.calcul import PICO, heures_brutes
from simulations.moteur.decomposition import COMPOSANTES, MESURES, Entrees, decomposer
from simulations.moteur.incertitude import incertitude, tirer_facteurs
from simulations.moteur.lineaire import par_flux
from simulations.moteur.niveaux import lignes
from simulations.moteur.profil import PARTS_DEFAUT, pointe, profil
from simulations.moteur.sensibilites import sensibilites
from simulations.tests.outils.cartes_tirees import PARAMETRES, carte, melangee, volumes

graines = st.integers(0, 10_000)
jeux = st.builds(
    Parametres,
    productivite=st.sampled_from([60.0, 80.0, 100.0, 130.0]),
    temps_mort=st.sampled_from([0.0, 30.0, 90.0]),
    trajet_minutes=st.sampled_from([0.0, 20.0]),
    shift=st.integers(1, 3),
    part_du_mois=st.sampled_from([None, 8.33, 12.0]),
    croissance=st.dictionaries(st.sampled_from(["", "CO", "AMANA"]), st.floats(-50, 80), max_size=2),
    libres=st.dictionaries(
        st.sampled_from(["pct_retour", "co_par_sac", "pct_axes", "ed_percent"]), st.floats(0, 100), max_size=3
    ),
    mode=st.sampled_from(["actuel", "recommande", "optimise"]),
)
lois = settings(max_examples=25, deadline=None)


@lois
@given(graines, jeux)
def test_les_heures_par_flux_font_les_heures_du_calcul(graine, parametres):
    la_carte = carte(graine)
    saisis = volumes(la_carte, graine)
    ventilees = par_flux(la_carte, saisis, parametres)
    attendues = heures_brutes(la_carte, saisis, parametres)
    np.testing.assert_allclose(ventilees.heures.sum(axis=1) + ventilees.forfait, attendues, rtol=1e-12)


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


@lois
@given(graines, graines, jeux, jeux)
def test_la_decomposition_fait_exactement_la_difference(graine, autre, avant, apres):
    de, vers = carte(graine), carte(autre, nb_centres=5)
    entrees = [Entrees(de, volumes(de, graine), avant)]
    nouvelles = [Entrees(vers, volumes(vers, autre), apres)]
    resultat = decomposer(entrees, nouvelles)
    for rang, mesure in enumerate(MESURES):
        total = {
            etape: int(
                getattr(
                    calculer(appliquer_mode(e.carte, e.parametres.mode), e.volumes, e.parametres), mesure
                ).sum()
            )
            for etape, e in (("avant", entrees[0]), ("apres", nouvelles[0]))
        }
        assert int(resultat.effets[:, :, rang].sum()) == total["apres"] - total["avant"]
    np.testing.assert_array_equal(resultat.effets.sum(axis=0), resultat.etats[-1] - resultat.etats[0])


@pytest.mark.parametrize(
    ("champs", "composante"),
    [
        ({"temps_mort": 60.0}, "capacite"),
        ({"croissance": {"": 10.0}}, "volume"),
        ({"libres": {"pct_retour": 50.0}}, "regles"),
        ({"mode": "recommande"}, "mode"),
    ],
)
def test_un_seul_changement_n_a_qu_une_cause(champs, composante):
    la_carte = carte(7)
    saisis = volumes(la_carte, 7)
    depart = replace(PARAMETRES, croissance={})
    resultat = decomposer(
        [Entrees(la_carte, saisis, depart)], [Entrees(la_carte, saisis, replace(depart, **champs))]
    )
    touchees = {nom for nom, effet in zip(COMPOSANTES, resultat.effets[:, :, 1], strict=True) if effet.any()}
    assert touchees == {composante}


def test_un_effectif_et_une_tache_changes_ont_chacun_leur_cause():
    la_carte = carte(7)
    saisis = volumes(la_carte, 7)
    postes = replace(la_carte.postes, effectif_dixiemes=la_carte.postes.effectif_dixiemes + 10)
    taches = replace(la_carte.taches, duree_s=la_carte.taches.duree_s * 2)
    apres = replace(la_carte, postes=postes, taches=taches)
    effets = decomposer([Entrees(la_carte, saisis, PARAMETRES)], [Entrees(apres, saisis, PARAMETRES)]).effets
    etp = dict(zip(COMPOSANTES, effets[:, :, 1].sum(axis=1).tolist(), strict=True))
    ecart = dict(zip(COMPOSANTES, effets[:, :, 4].sum(axis=1).tolist(), strict=True))
    moi = int((~la_carte.titres.mod[la_carte.postes.titre]).sum())
    assert etp["referentiel"] > 0
    assert etp["effectif"] == moi * PICO  # un MOI de plus est un besoin de plus
    assert ecart["effectif"] == -10 * (len(la_carte.postes.id) - moi)


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


def test_un_centre_ajoute_vient_du_referentiel_et_ses_gens_de_l_effectif():
    la_carte = carte(7)
    saisis = volumes(la_carte, 7)
    ajoute = int(la_carte.centres.id[-1])
    ancienne = la_carte.restreinte(la_carte.centres.id[:-1].tolist())
    resultat = decomposer(
        [Entrees(ancienne, saisis[:-1], PARAMETRES)], [Entrees(la_carte, saisis, PARAMETRES)]
    )
    neufs = resultat.cles[:, 0] == ajoute
    assert not resultat.effets[:, ~neufs].any()
    actuel = dict(zip(COMPOSANTES, resultat.effets[:, neufs, 3].sum(axis=1).tolist(), strict=True))
    present = la_carte.postes.effectif_dixiemes[la_carte.postes.centre == len(la_carte.centres.id) - 1]
    assert actuel["effectif"] == int(present.sum()) > 0
    assert actuel["referentiel"] == 0
