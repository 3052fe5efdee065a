"""La croissance et les leviers suivent le flux de chaque cellule, pas celui du produit (#croissance)."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from simulations.moteur import Carte, Parametres, calculer
from simulations.moteur.calcul import heures_brutes
from simulations.moteur.carte import Flottants
from simulations.moteur.detail import detailler
from simulations.moteur.lineaire import par_flux
from simulations.moteur.profil import profil
from simulations.moteur.sensibilites import sensibilites
from simulations.tests.outils.cartes_tirees import carte, volumes
from simulations.tests.outils.lois import graines, lois

pytestmark = pytest.mark.rapide
AMANA, CO, DIVERS = [0], [1, 2], [4]
TAUX = {"CO": 10.0, "AMANA": -20.0, "": 5.0}
# Chaque produit mélange : CO compte une cellule d'AMANA, et DIVERS, sans flux, en compte de tous.
MELANGES = ((0,), (0, 1, 2), (0, 1, 4), ())


def melangee(graine: int) -> tuple[Carte, Flottants]:
    """Une carte aux produits mélangés, et ses volumes, sans saisie en gros."""
    tiree = carte(graine)
    saisis = volumes(tiree, graine)
    saisis[:, 3] = 0.0
    return replace(tiree, regles=replace(tiree.regles, produit_cellules=MELANGES)), saisis


def grandis(saisis: Flottants) -> Flottants:
    facteurs = np.ones(saisis.shape[1])
    facteurs[CO], facteurs[AMANA], facteurs[DIVERS] = 1.10, 0.80, 1.05
    return saisis * facteurs


@lois
@given(graines)
def test_croitre_c_est_multiplier_chaque_cellule_par_le_taux_de_son_flux(graine: int) -> None:
    la_carte, saisis = melangee(graine)
    avec = heures_brutes(la_carte, saisis, Parametres(croissance=TAUX))
    np.testing.assert_allclose(avec, heures_brutes(la_carte, grandis(saisis), Parametres()), rtol=1e-12)


@lois
@given(graines)
def test_les_heures_d_un_flux_sont_ce_que_ses_cellules_apportent(graine: int) -> None:
    la_carte, saisis = melangee(graine)
    parametres = Parametres(croissance=TAUX)
    ventilees = par_flux(la_carte, saisis, parametres)
    entieres = heures_brutes(la_carte, saisis, parametres)
    np.testing.assert_allclose(ventilees.heures.sum(axis=1) + ventilees.forfait, entieres, rtol=1e-12)
    for colonne, cellules in enumerate((AMANA, CO, DIVERS)):
        sans = saisis.copy()
        sans[:, cellules] = 0.0
        apport = entieres - heures_brutes(la_carte, sans, parametres)
        np.testing.assert_allclose(ventilees.heures[:, colonne], apport, rtol=1e-9, atol=1e-12)


@lois
@given(graines)
def test_le_detail_et_le_profil_comptent_la_meme_croissance(graine: int) -> None:
    la_carte, saisis = melangee(graine)
    parametres = Parametres(croissance=TAUX)
    resultat = calculer(la_carte, saisis, parametres)
    for poste in range(len(la_carte.postes.id)):
        taches = detailler(la_carte, poste, saisis, parametres)
        assert sum(t.heures_par_jour for t in taches) == pytest.approx(resultat.heures_pico[poste] / 1e12)
    mois = profil(la_carte, saisis, parametres, [100 / 12] * 12)
    du_mois = calculer(la_carte, saisis, replace(parametres, part_du_mois=100 / 12))
    np.testing.assert_allclose(mois.etp_pico[:, 0], du_mois.etp_pico, rtol=1e-9, atol=2)


def test_le_levier_d_un_flux_bouge_aussi_les_produits_qui_en_comptent_une_cellule() -> None:
    la_carte, saisis = melangee(7)
    lues = sensibilites(la_carte, saisis, Parametres())
    rang = next(r for r, levier in enumerate(lues.leviers) if levier.code == "flux_amana_plus")
    plus = saisis.copy()
    plus[:, AMANA] *= 1.10
    attendu: Any = (
        calculer(la_carte, plus, Parametres()).etp_pico - calculer(la_carte, saisis, Parametres()).etp_pico
    )
    np.testing.assert_allclose(lues.etp_pico[rang], attendu, rtol=1e-9, atol=2)


def test_sans_melange_les_chiffres_d_avant_sont_rendus_au_dernier_bit() -> None:
    """Le facteur d'un produit d'un seul flux se pose où il se posait : un instantané se rejoue égal."""
    la_carte = carte(3)
    saisis = volumes(la_carte, 3)
    regles = replace(la_carte.regles, cellule_flux=(-1,) * 5)
    autre = replace(la_carte, regles=regles)
    parametres = Parametres(croissance={"CO": 7.3, "": 1.1})
    np.testing.assert_array_equal(
        heures_brutes(la_carte, saisis, parametres), heures_brutes(autre, saisis, parametres)
    )
