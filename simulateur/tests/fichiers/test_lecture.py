"""Ce qui s'écrit se relit : classeurs et csv honnêtes, de toutes provenances."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from simulateur.fichiers.ecriture import csv_pour_tableur
from simulateur.fichiers.lecture import lire_tableur
from simulateur.fichiers.limites import (
    DATE,
    DUREE,
    ERREUR,
    FORMULE,
    Feuille,
    FichierRefuse,
    Limites,
    Speciale,
)
from simulateur.fichiers.nombres import NombreInvalide, lire_nombre
from simulateur.fichiers.tableur import SANS_VALEUR
from simulateur.tests.outils.fichiers import archive, classeur_brut, parties_de_classeur, texte_csv, xlsx

TEXTES = st.text(
    st.characters(min_codepoint=32, max_codepoint=0xD7FF, exclude_characters="\x7f_"), max_size=12
)
# Un tableur garde 15 chiffres significatifs.
NOMBRES = st.one_of(
    st.integers(-(10**12), 10**12), st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: float(f"{x:.15g}"))
)
LIGNES_XLSX = st.lists(
    st.lists(st.one_of(st.none(), NOMBRES, TEXTES), min_size=1, max_size=5), min_size=1, max_size=8
)
LIGNES_CSV = st.lists(st.lists(TEXTES, min_size=3, max_size=3), min_size=1, max_size=8)
# Un processus par exemple : peu d'exemples, mais riches.
PEU = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def valeurs(feuille: Feuille) -> list[list[Any]]:
    """Les lignes à leur place : un trou pour chaque ligne vide."""
    lignes: list[list[Any]] = []
    for ligne in feuille.lignes:
        lignes += [[]] * (ligne.numero - 1 - len(lignes))
        lignes.append(list(ligne.valeurs))
    return lignes


def sans_vides(lignes: list[list[Any]]) -> list[list[Any]]:
    propres = []
    for ligne in lignes:
        cellules = [None if valeur == "" else valeur for valeur in ligne]
        while cellules and cellules[-1] is None:
            cellules.pop()
        propres.append(cellules)
    while propres and not propres[-1]:
        propres.pop()
    return propres


def lire_ou_vide(contenu: bytes, nom: str) -> list[list[Any]]:
    try:
        return valeurs(lire_tableur(contenu, nom)[0])
    except FichierRefuse as refus:
        return [] if "vide" in str(refus) else [[str(refus)]]


@given(LIGNES_XLSX)
@PEU
def test_un_classeur_ecrit_se_relit_egal(lignes):
    # Un texte qui commence par « = » deviendrait une formule : openpyxl l'écrit ainsi.
    lignes = [[f"'{v}" if isinstance(v, str) and v.startswith("=") else v for v in ligne] for ligne in lignes]
    assert lire_ou_vide(xlsx({"Feuille": lignes}), "essai.xlsx") == sans_vides(lignes)


@given(LIGNES_CSV, st.sampled_from([";", ",", "\t"]), st.sampled_from(["utf-8", "utf-8-sig"]))
@PEU
def test_un_csv_ecrit_se_relit_egal(lignes, separateur, encodage):
    lignes = [["nom", "unite", "duree"], *lignes]
    contenu = texte_csv(lignes, separateur=separateur, encodage=encodage)
    assert lire_ou_vide(contenu, "essai.csv") == sans_vides(lignes)


def test_la_lecture_est_celle_d_openpyxl_sur_un_classeur_varie():
    classeur = Workbook()
    feuille = classeur.active
    feuille.append(["Texte", 1, 2.5, True, None, "é€ 漢 &<>\"'"])
    feuille["C5"] = 0.1
    feuille["B7"] = " espaces "
    feuille["D7"] = "deux\nlignes"
    feuille["E8"] = 40
    feuille["E8"].number_format = "0%"
    classeur.create_sheet("Vide")
    classeur.create_sheet("Autre")["A1"] = "x"
    sortie = io.BytesIO()
    classeur.save(sortie)
    lues = {feuille.nom: valeurs(feuille) for feuille in lire_tableur(sortie.getvalue(), "a.xlsx")}
    attendues = {
        f.title: sans_vides([list(ligne) for ligne in f.iter_rows(values_only=True)])
        for f in load_workbook(sortie, data_only=True).worksheets
    }
    assert lues == attendues
    assert type(lues["Sheet"][0][1]) is int


def test_une_formule_donne_sa_valeur_enregistree_et_n_est_jamais_evaluee():
    contenu = classeur_brut(
        '<row r="1"><c r="A1"><f>1+1</f><v>99</v></c><c r="B1"><f>NOW()</f></c>'
        '<c r="C1" t="str"><f>"a"</f><v>texte</v></c><c r="D1" t="e"><v>#N/A</v></c></row>'
    )
    assert valeurs(lire_tableur(contenu, "a.xlsx")[0]) == [
        [99, Speciale(FORMULE, SANS_VALEUR), "texte", Speciale(ERREUR, "#N/A")]
    ]


def test_les_textes_partages_se_lisent_sans_leur_phonetique():
    textes = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<si><r><t>A</t></r> <r><t>MANA</t></r><rPh><t>lecture</t></rPh></si><si><t>a_x000D_b</t></si></sst>"
    )
    contenu = classeur_brut('<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>', textes=textes)
    assert valeurs(lire_tableur(contenu, "a.xlsx")[0]) == [["AMANA", "a\rb"]]


def test_un_classeur_prefixe_ou_au_format_strict_se_lit():
    prefixe = (
        b'<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>'
        b'<x:row r="2"><x:c r="B2"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    feuilles = lire_tableur(archive(parties_de_classeur(prefixe)), "a.xlsx")
    assert [(ligne.numero, ligne.valeurs) for ligne in feuilles[0].lignes] == [(2, (None, 7))]


def test_un_nombre_infini_reste_un_texte_que_l_import_refusera():
    contenu = classeur_brut("<row><c><v>1E309</v></c><c><v>NaN</v></c><c><v>1e3</v></c></row>")
    *sans_fin, mille = valeurs(lire_tableur(contenu, "a.xlsx")[0])[0]
    assert mille == 1000
    for valeur in sans_fin:
        assert isinstance(valeur, str)
        with pytest.raises(NombreInvalide):
            lire_nombre(valeur)


def test_une_date_une_heure_et_une_duree_gardent_leur_sorte():
    jour, heure, duree = date(2026, 1, 2), time(12, 30), timedelta(hours=30)
    contenu = xlsx({"F": [[jour, datetime(2026, 1, 2, 6), heure, duree]]})
    assert valeurs(lire_tableur(contenu, "a.xlsx")[0]) == [
        [
            Speciale(DATE, "02/01/2026"),
            Speciale(DATE, "02/01/2026 06:00"),
            Speciale(DUREE, "12:30:00", 45_000.0),
            Speciale(DUREE, "30:00:00", 108_000.0),
        ]
    ]


def test_une_cellule_en_erreur_garde_sa_place_dans_sa_feuille():
    classeur = Workbook()
    classeur.active.append([1, "=1/0", 3])
    classeur.create_sheet("Erreurs").append([None, "#N/A", "x"])
    sortie = io.BytesIO()
    classeur.save(sortie)
    lues = {feuille.nom: valeurs(feuille) for feuille in lire_tableur(sortie.getvalue(), "a.xlsx")}
    sans_valeur, erreur = Speciale(FORMULE, SANS_VALEUR), Speciale(ERREUR, "#N/A")
    assert lues == {"Sheet": [[1, sans_valeur, 3]], "Erreurs": [[None, erreur, "x"]]}


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
def test_l_encodage_d_un_csv_est_reconnu(encodage):
    contenu = texte_csv([["Unité", "durée"], ["Dépêches", "1,5"]], encodage=encodage)
    assert valeurs(lire_tableur(contenu, "a.csv")[0]) == [["Unité", "durée"], ["Dépêches", "1,5"]]


def test_une_virgule_decimale_ne_fait_pas_un_separateur():
    contenu = b"nom;duree\r\nTri;1,5\r\nPort;2,5\r\n"
    assert valeurs(lire_tableur(contenu, "a.csv")[0])[1] == ["Tri", "1,5"]


def test_la_ligne_sep_d_excel_est_suivie_et_comptee():
    feuille = lire_tableur(b"sep=,\r\na,b;c\r\n", "a.csv")[0]
    assert [(ligne.numero, ligne.valeurs) for ligne in feuille.lignes] == [(2, ("a", "b;c"))]


def test_un_saut_de_ligne_entre_guillemets_ne_coupe_pas_l_enregistrement():
    feuille = lire_tableur(b'nom;duree\n"Tri\ndu soir";4\n\nPort;5\n', "a.csv")[0]
    assert [(ligne.numero, ligne.valeurs) for ligne in feuille.lignes] == [
        (1, ("nom", "duree")),
        (2, ("Tri\ndu soir", "4")),
        (4, ("Port", "5")),
    ]


def test_une_ligne_trop_large_est_refusee_avec_son_numero():
    with pytest.raises(FichierRefuse, match="Ligne 2 : plus de 64 colonnes"):
        lire_tableur(b"a;b\n" + b"x;" * 70 + b"x\n", "a.csv")


def test_un_texte_trop_long_est_refuse_avec_sa_place():
    contenu = xlsx({"Tâches": [["a"], ["b", "x" * 2001]]})
    with pytest.raises(FichierRefuse, match="« Tâches », ligne 2, colonne 2 : le texte dépasse 2000"):
        lire_tableur(contenu, "a.xlsx")


def test_une_cellule_de_mise_en_forme_au_loin_ne_compte_pas():
    contenu = classeur_brut('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="3"/></row>')
    assert valeurs(lire_tableur(contenu, "a.xlsx")[0]) == [[1]]


def test_le_csv_rendu_ne_donne_aucune_formule_a_executer():
    contenu = csv_pour_tableur(["valeur"], [["=1+1"], ["@x"], [-5], ["-5"], ["+a"], ["\tx"], ["normal"]])
    lignes = contenu.decode("utf-8-sig").splitlines()
    assert lignes == ["valeur", "'=1+1", "'@x", "-5", "'-5", "'+a", "'\tx", "normal"]


def test_la_borne_de_lignes_est_celle_demandee():
    with pytest.raises(FichierRefuse, match="plus de 2 lignes"):
        lire_tableur(xlsx({"F": [["a"], ["b"], ["c"]]}), "a.xlsx", Limites(lignes=2))
