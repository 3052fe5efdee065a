"""Les heuristiques et le modèle appris : chiffres de référence, et preuve qu'ils n'annoncent rien."""

import numpy as np
import pytest

from euromillions.lectures.histoire import charger
from euromillions.statistiques.apprentissage import TropPeuDeTirages, apprendre
from euromillions.statistiques.heuristiques import (
    COMPOSANTES,
    ETIQUETTES_ECART,
    NIVEAUX,
    Compteur,
    contextes,
    ecarts_predits,
    etiquette,
    frequentes,
    scorer,
)
from euromillions.tests.outils.fabriques import historique


@pytest.fixture
def histoire(histoire_reelle):
    return charger()


def test_les_ecarts_predits_sont_ceux_de_reference(histoire, oracle):
    attendu = oracle("phase2_original_formulas")["gap_analysis"]
    lignes = {str(ligne["numero"]): ligne for ligne in ecarts_predits(histoire)}
    assert lignes.keys() == attendu.keys()
    for numero, reference in attendu.items():
        assert {nom: lignes[numero][nom] for nom in reference} == reference


def test_les_combinaisons_frequentes_sont_celles_de_reference(histoire, oracle):
    for taille, reference in oracle("phase2_original_formulas")["combination_analysis"].items():
        lu = frequentes(histoire, int(taille))
        assert (lu["distinct"], lu["occurrences"], lu["frequent"]) == (
            reference["total"], reference["occ"], reference["n_frequent"],
        )  # fmt: skip
        assert [round(lu[nom], 2) for nom in ("mean", "sd", "threshold")] == [
            reference["avg"], reference["sd"], reference["thr"],
        ]  # fmt: skip
        assert [[une["numbers"], une["count"]] for une in lu["top"]] == [
            une[:2] for une in reference["freq20"]
        ]
        assert [une["score"] for une in lu["top"]] == pytest.approx(
            [une[2] for une in reference["freq20"]], rel=1e-9
        )


def test_les_scores_de_grille_sont_ceux_de_reference(histoire, oracle):
    references = oracle("phase2_original_formulas")["grid_scores"]
    (contexte,) = contextes(histoire, np.array([len(histoire)]))
    composantes, totaux = scorer(np.array([r["grid"] for r in references]), contexte)
    for ligne, total, reference in zip(composantes, totaux, references, strict=True):
        assert [round(float(c), 3) for c in ligne] == [
            reference["scores"][f"{nom}_score"] for nom in COMPOSANTES
        ]
        assert round(float(total), 3) == reference["total_score"]
        assert etiquette(float(total), NIVEAUX, strict=False) == reference["confidence"]


def test_le_contexte_d_un_tirage_ne_lit_que_ceux_d_avant(histoire):
    rangs = np.array([300, 900])
    ensemble = contextes(histoire, rangs)
    for rang, suivi in zip(rangs, ensemble, strict=True):
        masque = np.arange(len(histoire)) < rang
        (seul,) = contextes(histoire.choisir(masque), np.array([rang]))
        grilles = histoire.numeros[:50]
        assert np.allclose(scorer(grilles, seul)[0], scorer(grilles, suivi)[0])


def test_le_modele_appris_est_celui_de_reference_et_ne_bat_pas_la_constante(histoire, oracle):
    reference, lu = oracle("ml_baseline"), apprendre(histoire)
    assert (lu["train_draws"], lu["test_draws"]) == (reference["train_draws"], reference["test_draws"])
    assert [round(c, 6) for c in lu["coef"]] == pytest.approx(reference["coef"], abs=2e-6)
    assert [round(c, 6) for c in lu["se"]] == pytest.approx(reference["se"], abs=2e-6)
    assert lu["test_logloss_model"] == pytest.approx(reference["test_logloss_model"], abs=1e-7)
    assert lu["test_logloss_constant"] == pytest.approx(reference["test_logloss_constant_0_1"], abs=1e-7)
    assert round(lu["test_brier_model"], 7) == reference["test_brier_model"]
    assert (lu["top5_hits"], round(lu["top5_z"], 3)) == (reference["top5_hits"], reference["z_top5"])
    assert (round(lu["pred_min"], 4), round(lu["pred_max"], 4)) == (
        reference["pred_min"],
        reference["pred_max"],
    )
    assert lu["test_logloss_model"] > lu["test_logloss_constant"]
    assert len(lu["next_draw"]) == 50


@pytest.mark.rapide
def test_un_numero_sorti_moins_de_deux_fois_n_a_pas_de_score():
    trois = historique([((1, 2, 3, 4, 5), (1, 2)), ((1, 6, 7, 8, 9), (1, 2)), ((1, 2, 10, 11, 12), (1, 2))])
    assert [ligne["numero"] for ligne in ecarts_predits(trois)] == [1, 2]
    assert ecarts_predits(historique([])) == []


@pytest.mark.rapide
def test_la_tete_suivie_est_celle_que_donnerait_un_tri_complet():
    alea = np.random.default_rng(2)
    compteur = Compteur(2)
    for _ in range(300):
        compteur.ajouter(sorted((alea.choice(12, 5, replace=False) + 1).tolist()))
    complet = sorted(compteur.comptes.values(), reverse=True)
    tete = [compte for _, compte in compteur.tete()]
    assert tete == complet[: len(tete)]
    valeurs = np.array(list(compteur.comptes.values()))
    assert compteur.seuil() == pytest.approx((valeurs.mean(), valeurs.std()))


@pytest.mark.rapide
@pytest.mark.parametrize(
    ("score", "niveau", "ecart"),
    [
        (0.8, "Excellente", "Élevée"),
        (0.7, "Très bonne", "Moyenne"),
        (0.5, "Moyenne", "Faible"),
        (0.3, "Très faible", "Très faible"),
    ],
)
def test_les_niveaux_sont_ceux_de_la_regle(score, niveau, ecart):
    assert etiquette(score, NIVEAUX, strict=False) == niveau
    assert etiquette(score, ETIQUETTES_ECART, strict=True) == ecart


@pytest.mark.rapide
def test_sans_assez_d_histoire_rien_ne_s_apprend():
    with pytest.raises(TropPeuDeTirages, match="160 tirages"):
        apprendre(historique([((1, 2, 3, 4, 5), (1, 2))] * 150))
