"""Comparer un fichier à ce qui est connu : ajouts, identiques, apports, conflits, soupçon."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from euromillions.imports.comparaison import CONFLITS_ADMIS, TirageConnu, comparer, soupcon
from euromillions.imports.lignes import FichierLu, GainLu, LigneInvalide, LigneLue

pytestmark = pytest.mark.rapide
JOUR = date(2024, 1, 2)
BOULES = ((3, 12, 24, 37, 50), (2, 11))
AUTRES = ((1, 2, 3, 4, 5), (1, 2))


def ligne(jour=JOUR, boules=BOULES, **suite):
    return LigneLue(2, jour, *boules, **suite)


def fichier(*lues, invalides=(), doublons=0):
    nombre = len(lues) + len(invalides) + doublons
    return FichierLu("generique", "utf-8", ",", "LF", "AAAA-MM-JJ", nombre, lues, tuple(invalides), doublons)


def connu(boules=BOULES, **suite):
    return TirageConnu(7, *boules, **suite)


def semaines(nombre, boules=BOULES):
    return [ligne(JOUR + timedelta(weeks=n), boules) for n in range(nombre)]


def test_chaque_ligne_va_dans_une_case_et_les_comptes_font_le_total():
    lu = fichier(*semaines(3), doublons=2)
    connus = {JOUR: connu(), JOUR + timedelta(weeks=1): connu(AUTRES)}
    comparaison = comparer(lu, connus)
    assert [a.date for a in comparaison.ajouts] == [JOUR + timedelta(weeks=2)]
    assert comparaison.identiques == 3
    assert [c.connu.cle for c in comparaison.conflits] == [7]
    assert len(comparaison.ajouts) + comparaison.identiques + len(comparaison.conflits) == lu.lignes


GAIN = GainLu(1, 2, 5, Decimal(9))


@pytest.mark.parametrize(
    ("lue", "en_place", "apport"),
    [
        ({}, {}, None),
        ({"ordre_physique": (50, 3, 12, 24, 37, 11, 2)}, {}, (True, 0, 0)),
        ({"ordre_physique": (50, 3, 12, 24, 37, 11, 2)}, {"a_ordre": True}, None),
        ({"gains": (GAIN,)}, {}, (False, 1, 0)),
        ({"gains": (GAIN,)}, {"gains": {1: (True, True)}}, None),
        ({"gains": (GAIN,)}, {"gains": {1: (True, False)}}, (False, 0, 1)),
        ({"gains": (GAIN,)}, {"gains": {1: (False, True)}}, (False, 0, 1)),
        ({"gains": (GainLu(1, 2, None, Decimal(9)),)}, {"gains": {1: (True, False)}}, None),
    ],
)
def test_une_ligne_identique_n_apporte_que_ce_qui_manque(lue, en_place, apport):
    comparaison = comparer(fichier(ligne(**lue)), {JOUR: connu(**en_place)})
    trouves = [(a.ordre, len(a.gains_neufs), len(a.gains_completes)) for a in comparaison.apports]
    assert trouves == ([] if apport is None else [apport])
    assert comparaison.identiques == 1


def test_la_ligne_ajoutee_se_reconnait_elle_meme_au_fichier_suivant():
    lue = ligne(ordre_physique=(50, 3, 12, 24, 37, 11, 2), gains=(GAIN,))
    comparaison = comparer(fichier(lue), {JOUR: TirageConnu.depuis(lue)})
    assert (comparaison.identiques, comparaison.apports, comparaison.conflits) == (1, (), ())


@pytest.mark.parametrize(
    ("conflits", "identiques", "ajouts", "suspect"),
    [
        (0, 0, 5, False),
        (1, 1, 1, False),
        (1, 0, 0, False),
        (1, 0, 1, True),
        (2, 1, 1, True),
        (CONFLITS_ADMIS, CONFLITS_ADMIS, 0, False),
        (CONFLITS_ADMIS + 1, 100, 0, True),
    ],
)
def test_un_fichier_qui_contredit_plus_qu_il_ne_confirme_est_suspect(conflits, identiques, ajouts, suspect):
    lignes = semaines(conflits + identiques + ajouts)
    connus = {lue.date: connu(AUTRES) for lue in lignes[:conflits]}
    connus |= {lue.date: connu() for lue in lignes[conflits : conflits + identiques]}
    lu = fichier(*lignes)
    assert bool(soupcon(lu, comparer(lu, connus))) is suspect


@pytest.mark.parametrize(("hors_jeu", "suspect"), [(3, False), (4, True)])
def test_trop_de_lignes_hors_du_jeu_rendent_suspect(hors_jeu, suspect):
    invalides = [LigneInvalide(n, "n1", "99", "hors de l'urne", hors_jeu=True) for n in range(hors_jeu)]
    lu = fichier(ligne(), invalides=invalides)
    assert bool(soupcon(lu, comparer(lu, {}))) is suspect


def test_des_lignes_illisibles_ne_font_pas_un_autre_jeu():
    invalides = [LigneInvalide(n, "n1", "x", "illisible") for n in range(50)]
    lu = fichier(ligne(), invalides=invalides)
    assert soupcon(lu, comparer(lu, {})) == ""
