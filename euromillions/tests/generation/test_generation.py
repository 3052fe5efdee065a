"""Les stratégies, en tableaux : ce qu'elles permettent, ce qu'elles ne lisent jamais, et l'uniformité."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from euromillions.generation import (
    COMBINAISON,
    ECART,
    FREQUENCE,
    HASARD,
    STRATEGIES,
    Bassins,
    Impossible,
    Passe,
    bassins,
    nouveau_generateur,
    tirer,
)
from euromillions.generation.bassins import triplets_frequents
from euromillions.generation.sort import codes

RESERVES = np.array([12])


def passe(nombre=150, graine=3):
    alea = np.random.default_rng(graine)
    numeros = np.stack([np.sort(alea.choice(50, 5, replace=False) + 1) for _ in range(nombre)])
    etoiles = np.stack([np.sort(alea.choice(12, 2, replace=False) + 1) for _ in range(nombre)])
    return Passe(numeros.astype(np.int8), etoiles.astype(np.int8))


def au_dernier(strategie, histoire, reserves=RESERVES):
    return bassins(strategie, histoire, np.array([len(histoire)]), reserves)


@pytest.mark.parametrize("strategie", STRATEGIES)
def test_mille_grilles_sont_distinctes_valables_et_redonnees_par_leur_graine(strategie):
    permises = au_dernier(strategie, passe())
    une, autre, differente = (tirer(permises, 1000, nouveau_generateur(graine)) for graine in (7, 7, 8))
    assert len(np.unique(codes(une.numeros, une.etoiles))) == 1000
    assert (np.diff(une.numeros, axis=1) > 0).all()
    assert (np.diff(une.etoiles, axis=1) > 0).all()
    assert une.numeros.min() >= 1
    assert une.numeros.max() <= 50
    assert une.etoiles.max() <= 12
    assert (une.numeros == autre.numeros).all()
    assert (une.etoiles == autre.etoiles).all()
    assert (une.numeros != differente.numeros).any()


def test_la_frequence_ne_tire_que_parmi_les_dix_plus_sortis_des_cent_derniers():
    histoire = passe(150)
    comptes = np.bincount(histoire.numeros[-100:].ravel(), minlength=51)[1:]
    dix = sorted(range(1, 51), key=lambda n: (-comptes[n - 1], n))[:10]
    grilles = tirer(au_dernier(FREQUENCE, histoire), 500, nouveau_generateur(1))
    assert set(grilles.numeros.ravel().tolist()) == set(dix)
    assert len(set(grilles.etoiles.ravel().tolist())) == 5


def test_l_ecart_ne_tire_que_parmi_les_quinze_plus_absents_jamais_vus_d_abord():
    histoire = passe(30)
    derniers = {n: max((i for i in range(30) if n in histoire.numeros[i]), default=-1) for n in range(1, 51)}
    quinze = sorted(derniers, key=lambda n: (derniers[n], n))[:15]
    grilles = tirer(au_dernier(ECART, histoire), 500, nouveau_generateur(1))
    assert set(grilles.numeros.ravel().tolist()) == set(quinze)


def test_la_combinaison_contient_toujours_un_des_dix_triplets_les_plus_sortis():
    permises = au_dernier(COMBINAISON, passe(400))
    grilles = tirer(permises, 500, nouveau_generateur(1))
    triplets = [set(t) for t in permises.triplets[0].tolist()]
    contenus = [[t <= set(grille) for t in triplets] for grille in grilles.numeros.tolist()]
    assert all(any(ligne) for ligne in contenus)
    assert all(any(colonne) for colonne in zip(*contenus, strict=True))


def test_les_triplets_suivis_tirage_apres_tirage_sont_ceux_comptes_d_un_coup():
    numeros = passe(300).numeros
    rangs = np.array([1, 2, 50, 299, 300])
    suivis = triplets_frequents(numeros, rangs)
    for place, rang in enumerate(rangs):
        assert (triplets_frequents(numeros, np.array([rang]))[0] == suivis[place]).all()


@pytest.mark.parametrize("strategie", STRATEGIES)
def test_aucune_strategie_ne_lit_le_tirage_vise_ni_la_suite(strategie):
    """Un avenir empoisonné (toujours les mêmes boules) ne change rien aux rangs qui le précèdent."""
    sain = passe(200)
    empoisonne = Passe(sain.numeros.copy(), sain.etoiles.copy())
    empoisonne.numeros[120:] = (1, 2, 3, 4, 5)
    empoisonne.etoiles[120:] = (1, 2)
    rangs, reserves = np.array([60, 119, 120]), np.full(3, 12)
    avant, apres = (
        tirer(bassins(strategie, histoire, rangs, reserves), 20, nouveau_generateur(4))
        for histoire in (sain, empoisonne)
    )
    assert (avant.numeros == apres.numeros).all()
    assert (avant.etoiles == apres.etoiles).all()
    if strategie != HASARD:
        ensuite = bassins(strategie, empoisonne, np.array([200]), RESERVES)
        assert not np.array_equal(
            ensuite.numeros, bassins(strategie, sain, np.array([200]), RESERVES).numeros
        ) or (
            ensuite.triplets is not None
            and not np.array_equal(
                ensuite.triplets, bassins(strategie, sain, np.array([200]), RESERVES).triplets
            )
        )


def test_dix_mille_grilles_au_hasard_passent_le_test_d_uniformite():
    """X² corrigé du tirage sans remise (49/45 et 11/10), graine fixe."""
    grilles = tirer(au_dernier(HASARD, passe(10)), 10_000, nouveau_generateur(20260821))
    for boules, reserve, correction in ((grilles.numeros, 50, 49 / 45), (grilles.etoiles, 12, 11 / 10)):
        comptes = np.bincount(boules.ravel(), minlength=reserve + 1)[1:]
        attendu = boules.size / reserve
        x2 = correction * ((comptes - attendu) ** 2 / attendu).sum()
        assert chi2.sf(x2, reserve - 1) > 0.01


@pytest.mark.parametrize("reserve", [9, 11, 12])
@pytest.mark.parametrize("strategie", STRATEGIES)
def test_jamais_une_etoile_hors_de_l_urne(strategie, reserve):
    grilles = tirer(au_dernier(strategie, passe(), np.array([reserve])), 300, nouveau_generateur(1))
    assert grilles.etoiles.max() <= reserve


def test_un_bassin_trop_etroit_est_refuse_en_disant_combien():
    etroit = Bassins(
        np.arange(1, 6, dtype=np.int8)[None], np.arange(1, 4, dtype=np.int8)[None], np.array([3])
    )
    assert len(tirer(etroit, 3, nouveau_generateur(1))) == 3
    with pytest.raises(Impossible, match=r"3 grilles distinctes \(4 demandées\)"):
        tirer(etroit, 4, nouveau_generateur(1))


def test_sans_passe_ou_de_strategie_inconnue_rien_ne_se_prepare():
    with pytest.raises(ValueError, match="sans passé"):
        bassins(HASARD, passe(5), np.array([0]), RESERVES)
    with pytest.raises(ValueError, match="inconnue"):
        bassins("tarot", passe(5), np.array([5]), RESERVES)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(STRATEGIES), st.integers(1, 40), st.integers(0, 2**63 - 1), st.integers(1, 30))
def test_toute_demande_donne_autant_de_grilles_distinctes(strategie, nombre, graine, tirages):
    grilles = tirer(au_dernier(strategie, passe(tirages)), nombre, nouveau_generateur(graine))
    assert len(np.unique(codes(grilles.numeros, grilles.etoiles))) == nombre
