"""L'en-tête d'un fichier : ses noms seuls comptent, où qu'ils soient."""

import pytest

from euromillions.imports.colonnes import LIGNES_AVANT_ENTETE_MAX, couper, normaliser, trouver_entete
from simulateur.fichiers.limites import FichierRefuse

pytestmark = pytest.mark.rapide
GENERIQUE = "date,n1,n2,n3,n4,n5,e1,e2"


@pytest.mark.parametrize(
    ("entete", "famille", "separateur"),
    [
        (GENERIQUE, "generique", ","),
        (GENERIQUE.replace(",", ";"), "generique", ";"),
        (GENERIQUE.replace(",", "\t").upper(), "generique", "\t"),
        ("e2,e1,n5,n4,n3,n2,n1,date,autre", "generique", ","),
        ("DrawDate,Ball 1,Ball 2,Ball 3,Ball 4,Ball 5,Lucky Star 1,Lucky Star 2", "national-lottery", ","),
        ("Day,DD,MMM,YYYY,N1,N2,N3,N4,N5,L1,L2", "merseyworld", ","),
        ("date_de_tirage;boule_1;boule_2;boule_3;boule_4;boule_5;étoile_1;étoile_2", "fdj", ";"),
    ],
)
def test_une_famille_se_reconnait_a_ses_noms(entete, famille, separateur):
    trouvee = trouver_entete([entete])
    assert (trouvee.disposition.famille, trouvee.separateur) == (famille, separateur)


def test_l_entete_peut_suivre_des_lignes_de_presentation():
    trouvee = trouver_entete(["Résultats", "", GENERIQUE])
    assert trouvee.numero_ligne == 3
    assert (trouvee.places["date"], trouvee.places["e2"]) == (0, 7)
    with pytest.raises(FichierRefuse):
        trouver_entete([""] * LIGNES_AVANT_ENTETE_MAX + [GENERIQUE])


def test_le_refus_nomme_la_colonne_qui_manque_le_plus_pres():
    with pytest.raises(FichierRefuse, match=r"ligne 2, colonne manquante : e2"):
        trouver_entete(["rien", GENERIQUE.removesuffix(",e2")])


@pytest.mark.parametrize("entete", ["", "a,b,c", "n1,n2"])
def test_un_fichier_d_autre_chose_est_refuse(entete):
    with pytest.raises(FichierRefuse) as refus:
        trouver_entete([entete])
    assert "colonne manquante" not in str(refus.value)


def test_une_colonne_exigee_en_double_est_refusee():
    with pytest.raises(FichierRefuse, match="n1"):
        trouver_entete([f"{GENERIQUE},n1"])
    assert trouver_entete([f"{GENERIQUE},note,note"]).disposition.famille == "generique"


def test_les_gains_se_trouvent_par_rang_sous_leurs_deux_ecritures():
    noms = [
        "date_de_tirage", *(f"boule_{i}" for i in range(1, 6)), "etoile_1", "etoile_2",
        "nombre_de_gagnant_au_rang1_en_france", "nombre_de_gagnants_au_rang_2_Euro_Millions_en_europe",
        "rapport_du_rang12", "rapport_du_rang3_Euro_Millions", "rapport_du_rang_moyen",
    ]  # fmt: skip
    trouvee = trouver_entete([";".join(noms)])
    assert dict(trouvee.gagnants) == {(1, "france"): 8, (2, "europe"): 9}
    assert dict(trouvee.rapports) == {12: 10, 3: 11}
    assert trouvee.rangs == [1, 2, 3, 12]


def test_un_guillemet_perdu_n_avale_pas_la_ligne_suivante():
    assert couper('"a;b', ";") == ["a;b"]
    assert couper("a;b", ";") == ["a", "b"]
    assert couper("", ";") == []


@pytest.mark.parametrize(
    ("titre", "nom"),
    [("Numéro de tirage", "numero_de_tirage"), (" __A--B ", "a_b"), ("Étoile", "etoile")],
)
def test_un_titre_se_compare_sous_une_seule_forme(titre, nom):
    assert normaliser(titre) == nom
