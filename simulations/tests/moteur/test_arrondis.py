"""Les quatre façons d'arrondir : leurs sommes sont exactes, et chacune tient sa règle (#arrondi)."""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulations.moteur import Parametres, calculer
from simulations.moteur.arrondis import PERSONNE, PICO, arrondir
from simulations.moteur.carte import Traits
from simulations.moteur.mesures import Sommes, colonnes_et_prix
from simulations.moteur.niveaux import NIVEAUX, lignes
from simulations.moteur.parametres import ARRONDIS
from simulations.tests.outils.cartes_tirees import carte, volumes
from simulations.tests.outils.lois import graines, jeux, lois

DEMI = Fraction(1, 2)
un_etp = st.one_of(
    st.integers(0, 40 * PICO),
    st.sampled_from(
        [0, PICO // 10, PICO // 10 + 1, PICO // 4, PICO // 2, PICO // 2 - 1, PICO, 3 * PICO // 2]
    ),
)
un_poste = st.tuples(st.integers(0, 3), st.integers(0, 9), un_etp, st.booleans(), st.integers(0, 3000))
des_postes = st.lists(un_poste, min_size=1, max_size=25)


def traits(postes) -> Traits:
    """(centre, rang du code, ETP, MOD, effectif) de chaque poste."""
    centre, code, _, mod, actuel = (np.array(colonne) for colonne in zip(*postes, strict=True))
    vide = np.zeros(len(centre))
    return Traits(mod, actuel, vide.astype(int), vide.astype(bool), vide, centre, code)


def arrondis(postes, politique: str) -> list[Fraction]:
    etp = np.array([etp for _, _, etp, _, _ in postes])
    return [Fraction(v, PERSONNE) for v in arrondir(etp, traits(postes), politique).tolist()]


def au_plus_proche(valeur: Fraction, pas: Fraction) -> Fraction:
    return floor(valeur / pas + DEMI) * pas


@given(des_postes, st.sampled_from(["poste", "demi", "aucun"]))
def test_poste_demi_et_aucun_arrondissent_chaque_poste_seul(postes, politique):
    pas = {"poste": Fraction(1), "demi": DEMI, "aucun": Fraction(1, 100)}[politique]
    for (_, _, pico, mod, actuel), lu in zip(postes, arrondis(postes, politique), strict=True):
        etp = Fraction(pico, PICO)
        attendu = Fraction(0) if politique != "aucun" and etp <= Fraction(1, 10) else au_plus_proche(etp, pas)
        assert lu == (attendu if mod else Fraction(actuel, PERSONNE))


@given(des_postes)
def test_centre_partage_le_total_arrondi_aux_plus_forts_restes(postes):
    lus = arrondis(postes, "centre")
    par_centre = defaultdict(list)
    for (centre, code, pico, mod, actuel), lu in zip(postes, lus, strict=True):
        if mod:
            par_centre[centre].append((Fraction(pico, PICO), code, lu))
        else:
            assert lu == Fraction(actuel, PERSONNE)
    for siens in par_centre.values():
        total = sum((etp for etp, _, _ in siens), Fraction(0))
        assert sum(lu for _, _, lu in siens) == au_plus_proche(total, Fraction(1))
        montes = [(etp - floor(etp), etp, -code) for etp, code, lu in siens if lu == floor(etp) + 1]
        restes = [(etp - floor(etp), etp, -code) for etp, code, lu in siens if lu == floor(etp)]
        assert len(montes) + len(restes) == len(siens)
        assert not montes or not restes or min(montes) >= max(restes)


def test_l_exemple_de_la_regle_ou_un_poste_perd_une_personne_quand_son_etp_grandit():
    def par_centre(*etp: float) -> list[Fraction]:
        return arrondis([(0, rang, round(e * PICO), True, 0) for rang, e in enumerate(etp)], "centre")

    assert par_centre(10.45, 0.46, 0.59) == [10, 1, 1]
    assert par_centre(10.45 * 1.01, 0.46 * 1.01, 0.59 * 1.01) == [11, 0, 1]


def test_a_restes_egaux_le_plus_grand_etp_puis_le_code():
    demi = PICO // 2
    assert arrondis([(0, 1, demi, True, 0), (0, 0, 3 * demi, True, 0)], "centre") == [0, 2]
    assert arrondis([(0, 1, demi, True, 0), (0, 0, demi, True, 0)], "centre") == [0, 1]


def test_un_arrondi_inconnu_est_refuse():
    with pytest.raises(ValueError, match="arrondi inconnu"):
        arrondis([(0, 0, 0, True, 0)], "dizaine")


@lois
@given(graines, jeux, st.sampled_from(ARRONDIS))
def test_le_pont_tombe_juste_a_chaque_niveau(graine, jeu, arrondi):
    """Présent + besoin calculé + effet d'arrondi = arrondi ; à pourvoir + en trop = écart (#pont)."""
    lue = carte(graine)
    parametres: Parametres = replace(jeu, arrondi=arrondi)
    valeurs = colonnes_et_prix(calculer(lue, volumes(lue, graine), parametres))
    postes = [Sommes.depuis(ligne) for ligne in valeurs]
    for niveau in NIVEAUX:
        du_niveau = lignes(lue, niveau)
        for rang, somme in enumerate(map(Sommes.depuis, du_niveau.sommer(valeurs))):
            siens = [p for p, r in zip(postes, du_niveau.rang.tolist(), strict=True) if r == rang]
            assert somme.ecart_centiemes == somme.arrondi_centiemes - somme.actuel_centiemes
            assert somme.a_pourvoir_centiemes == sum(max(0, p.ecart_centiemes) for p in siens)
            lu = somme.en_unites()
            assert lu["ecart"] == pytest.approx(lu["a_pourvoir"] + lu["en_trop"], abs=1e-9)
            pont = lu["etp_actuel"] + lu["besoin_calcule"] + lu["effet_arrondi"]
            assert pont == pytest.approx(lu["etp_arrondi"], abs=1e-9)
            assert lu["a_pourvoir"] >= 0 >= lu["en_trop"]
    assert sum(postes, Sommes()) == Sommes.depuis(valeurs.sum(axis=0))
