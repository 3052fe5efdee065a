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
from euromillions.tests.outils.references import en_api, par
from simulateur.tests.outils.compact import lignes


@pytest.fixture
def histoire(histoire_reelle):
    return charger()


def test_les_ecarts_predits_sont_ceux_de_reference(histoire, references):
    attendu = en_api(par("numero", references["formules"]["ecarts"]))
    predits = {str(ligne["numero"]): ligne for ligne in ecarts_predits(histoire)}
    assert predits.keys() == attendu.keys()
    for numero, reference in attendu.items():
        assert {nom: predits[numero][nom] for nom in reference} == reference


def test_les_combinaisons_frequentes_sont_celles_de_reference(histoire, references):
    for taille, reference in references["formules"]["combinaisons"].items():
        lu = frequentes(histoire, int(taille))
        assert (lu["distinct"], lu["occurrences"], lu["frequent"]) == (
            reference["distinctes"], reference["occurrences"], reference["frequentes"],
        )  # fmt: skip
        assert [round(lu[nom], 2) for nom in ("mean", "sd", "threshold")] == [
            reference["moyenne"], reference["ecart_type"], reference["seuil"],
        ]  # fmt: skip
        for une, (combinaison, sorties, score) in zip(lu["top"], reference["tete"]["lignes"], strict=True):
            assert (une["numbers"], une["count"]) == (combinaison, sorties)
            assert une["score"] == pytest.approx(score, rel=1e-9)


def test_les_scores_de_grille_sont_ceux_de_reference(histoire, references):
    grilles = lignes(references["formules"]["grilles"])
    (contexte,) = contextes(histoire, np.array([len(histoire)]))
    composantes, totaux = scorer(np.array([une["grille"] for une in grilles]), contexte)
    for ligne, total, reference in zip(composantes, totaux, grilles, strict=True):
        scores = en_api(reference)
        assert [round(float(c), 3) for c in ligne] == [scores[f"{nom}_score"] for nom in COMPOSANTES]
        assert round(float(total), 3) == reference["score_total"]
        assert etiquette(float(total), NIVEAUX, strict=False) == reference["confiance"]


def test_le_contexte_d_un_tirage_ne_lit_que_ceux_d_avant(histoire):
    rangs = np.array([300, 900])
    ensemble = contextes(histoire, rangs)
    for rang, suivi in zip(rangs, ensemble, strict=True):
        masque = np.arange(len(histoire)) < rang
        (seul,) = contextes(histoire.choisir(masque), np.array([rang]))
        grilles = histoire.numeros[:50]
        assert np.allclose(scorer(grilles, seul)[0], scorer(grilles, suivi)[0])


def test_le_modele_appris_est_celui_de_reference_et_ne_bat_pas_la_constante(histoire, references):
    reference, lu = references["modele"], apprendre(histoire)
    assert lu["train_draws"] == reference["tirages_appris"]
    assert lu["test_draws"] == reference["tirages_eprouves"]
    assert [round(c, 6) for c in lu["coef"]] == pytest.approx(reference["coefficients"], abs=2e-6)
    assert [round(c, 6) for c in lu["se"]] == pytest.approx(reference["erreurs_types"], abs=2e-6)
    assert lu["test_logloss_model"] == pytest.approx(reference["perte_du_modele"], abs=1e-7)
    assert lu["test_logloss_constant"] == pytest.approx(reference["perte_de_la_constante"], abs=1e-7)
    assert round(lu["test_brier_model"], 7) == reference["brier_du_modele"]
    assert lu["top5_hits"] == reference["touches_des_cinq_premiers"]
    assert round(lu["top5_z"], 3) == reference["z_des_cinq_premiers"]
    assert round(lu["pred_min"], 4) == reference["prediction_minimale"]
    assert round(lu["pred_max"], 4) == reference["prediction_maximale"]
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
