"""Les fichiers que les gens ont : une cellule a un sens, ou elle est refusée ; rien ne se saute en
silence.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from referentiels.imports.service import Demande, Genre, importer
from referentiels.models import CentrePoste, Tache, VolumeAnnuel
from referentiels.tests.outils.factories import CentreFactory, PosteFactory
from referentiels.tests.outils.imports import ENTETES, comptes, ligne, places
from referentiels.tests.outils.vrais_fichiers import (
    CELLULE,
    EFFECTIFS,
    LONG,
    classeur,
    effectifs,
    raisons,
    taches,
    volumes,
)
from simulateur.tests.outils.fichiers import texte_csv, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre() -> Any:
    return CentreFactory(code="C1", nom="Agence du Lac")


# --- Le sens d'une cellule -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cellule", "montree"),
    [
        (date(2026, 5, 3), "03/05/2026"),
        (datetime(2026, 5, 3, 6, 30), "03/05/2026 06:30"),
        (time(0, 4, 20), "0:04:20"),
        (timedelta(hours=30), "30:00:00"),
    ],
)
def test_une_date_ou_une_heure_n_est_jamais_un_nombre(centre: Any, cellule: Any, montree: str) -> None:
    trace = volumes(classeur(("F", [LONG, ["C1", CELLULE, cellule, 2026]])))
    assert places(trace) == [(2, "volume")]
    assert montree in raisons(trace)[0]
    trace = effectifs(classeur(("F", [EFFECTIFS, ["", "C1", "Trieur", cellule, 0]])))
    assert places(trace) == [(2, "Statutaires")]
    trace = taches(classeur(("F", [ENTETES, ligne(nom=cellule)])), centre)
    assert places(trace) == [(2, "Nom de tâche")]
    assert "un texte est attendu" in raisons(trace)[0]
    assert not VolumeAnnuel.objects.exists() | CentrePoste.objects.exists() | Tache.objects.exists()


@pytest.mark.parametrize("colonnes", [("temps_min",), ("temps_sec",), ("temps_min", "temps_sec")])
@pytest.mark.parametrize("duree", [time(0, 4, 20), timedelta(seconds=260)])
def test_une_cellule_de_duree_se_lit_en_secondes_et_se_remarque(
    centre: Any, colonnes: tuple[str, ...], duree: Any
) -> None:
    temps = {"temps_min": "", "temps_sec": "", **dict.fromkeys(colonnes, duree)}
    trace = taches(classeur(("Guichet PRO", [ENTETES, ligne(**temps)])), centre)
    assert comptes(trace) == (1, 0, 0, 0)
    assert Tache.objects.get().duree_secondes == 260
    dit = trace.rapport["avertissements"][0]
    assert dit == "Feuille « Guichet PRO », ligne 2 : « 0:04:20 » lu 260 s."


def test_une_duree_et_des_secondes_qui_se_contredisent_sont_refusees(centre: Any) -> None:
    trace = taches(classeur(("F", [ENTETES, ligne(temps_min=time(0, 4, 20), temps_sec=12)])), centre)
    assert places(trace) == [(2, "Temps_min")]


@pytest.mark.parametrize(("colonne", "place"), [("C", "volume"), ("A", "centre"), ("D", "annee")])
def test_une_formule_sans_valeur_est_refusee_avec_sa_cellule(centre: Any, colonne: str, place: str) -> None:
    def poser(livre: Any) -> None:
        livre["F"][f"{colonne}2"] = "=100*12"

    trace = volumes(classeur(("F", [LONG, ["C1", CELLULE, 5, 2026]]), apres=poser))
    assert places(trace) == [(2, place)]
    assert f"formule sans valeur enregistrée en {colonne}2" in raisons(trace)[0]


def test_une_cellule_en_erreur_est_refusee_et_hors_des_colonnes_ne_gene_pas(centre: Any) -> None:
    trace = volumes(classeur(("F", [LONG, ["C1", CELLULE, "#N/A", 2026]])))
    assert (places(trace), raisons(trace)) == ([(2, "volume")], ["la cellule C2 est en erreur"])
    trace = volumes(classeur(("F", [[*LONG, "note"], ["C1", CELLULE, 5, 2026, "#REF!"]])))
    assert comptes(trace) == (1, 0, 0, 0)


# --- La notation des nombres -----------------------------------------------------------------------


@pytest.mark.parametrize("separateur", [";", "\t"])
@pytest.mark.parametrize(
    ("autre", "ambigu", "attendu"),
    [
        ("7,5", "12.500", 12500.0),
        ("7.5", "12.500", 12.5),
        ("7.5", "12,500", 12500.0),
        ("1.234.567", "12.500", 12500.0),
        ("1.234,5", "12.500", 12500.0),
        ("1,234.5", "12,500", 12500.0),
        ("1 234.567", "12.500", 12.5),
    ],
)
def test_la_colonne_decide_d_une_ecriture_ambigue(
    centre: Any, autre: str, ambigu: str, attendu: float, separateur: str
) -> None:
    lignes = [LONG, ["C1", CELLULE, ambigu, 2026], ["C1", "co.arrive.local", autre, 2026]]
    trace = volumes(texte_csv(lignes, separateur=separateur), "v.csv")
    assert trace.rapport["rejets"] == []
    assert VolumeAnnuel.objects.get(cellule__code=CELLULE).volume == attendu


@pytest.mark.parametrize("autre", ["7", "0.500", "1 000", ""])
def test_rien_ne_decide_l_ecriture_ambigue_est_refusee_avec_ses_deux_lectures(
    centre: Any, autre: str
) -> None:
    lignes = [LONG, ["C1", CELLULE, "12.500", 2026]]
    if autre == "0.500":  # un zéro de tête ne fait pas un millier : c'est une décimale, et elle décide
        assert volumes(texte_csv([*lignes, ["C1", "co.arrive.local", autre, 2026]]), "v.csv").applique
        return
    if autre:
        lignes.append(["C1", "co.arrive.local", autre, 2026])
    trace = volumes(texte_csv(lignes), "v.csv")
    assert places(trace) == [(2, "volume")]
    assert "se lit 12,5 ou 12500" in raisons(trace)[0]
    for notation, attendu in (("virgule", 12500.0), ("point", 12.5)):
        assert volumes(texte_csv(lignes), "v.csv", notation=notation).applique
        assert VolumeAnnuel.objects.get(cellule__code=CELLULE).volume == attendu


def test_une_colonne_qui_mele_les_deux_notations_ne_decide_pas(centre: Any) -> None:
    lignes = [LONG, ["C1", CELLULE, "12.500", 2026], ["C1", "co.arrive.local", "7,5", 2026]]
    lignes.append(["C1", "cr.arrive.local", "7.5", 2026])
    assert places(volumes(texte_csv(lignes), "v.csv")) == [(2, "volume")]


def test_un_nombre_de_tableur_n_est_jamais_ambigu(centre: Any) -> None:
    assert volumes(xlsx({"F": [LONG, ["C1", CELLULE, 12.5, 2026]]})).applique
    assert VolumeAnnuel.objects.get().volume == 12.5


# --- Où sont les en-têtes, et quelles feuilles
# ---------------------------------------------------------------


@pytest.mark.parametrize("dessus", [1, 3, 19])
def test_les_en_tetes_se_trouvent_sous_un_titre(centre: Any, dessus: int) -> None:
    titre = [["Volumes annuels"], *[[None]] * (dessus - 1)]
    trace = volumes(classeur(("Feuil1", [*titre, LONG, ["C1", CELLULE, 5, 2026]])))
    assert comptes(trace) == (1, 0, 0, 0)
    assert (
        f"en-têtes lus à la ligne {dessus + 1}, sous « Volumes annuels »"
        in trace.rapport["avertissements"][0]
    )
    trace = effectifs(classeur(("Feuil1", [*titre, EFFECTIFS, ["", "C1", "Trieur", 2, 0]])))
    assert comptes(trace) == (1, 0, 0, 0)
    assert comptes(taches(classeur(("Feuil1", [*titre, ENTETES, ligne()])), centre)) == (1, 0, 0, 0)


@pytest.mark.parametrize("genre", Genre.values)
def test_introuvables_le_refus_dit_les_attendus_et_ce_qu_on_a_lu(centre: Any, genre: str) -> None:
    contenu = classeur(("Feuil1", [["Bonjour"], ["à", "tous"]]))
    cible = centre if genre == "taches" else None

    def lire(octets: bytes) -> Any:
        demande = Demande(genre=Genre(genre), centre=cible, annee=2026 if genre == "volumes" else None)
        return importer(demande, contenu=octets, nom="f.xlsx", a_blanc=False)

    refus = lire(contenu).rapport["refus"]
    assert "En-têtes introuvables dans les 20 premières lignes" in refus
    assert "« Bonjour » ; « à | tous »" in refus
    attendu = {"volumes": "volume", "effectifs": "Statutaires", "taches": "Produit"}
    assert {**attendu, "reseau": "Code région", "regles": "Code flux"}[genre] in refus


def test_les_feuilles_etrangeres_sont_sautees_et_nommees(centre: Any) -> None:
    listes = ("Listes", [["Trieur"], ["Guichetier"]])
    trace = effectifs(classeur(("Feuil1", [EFFECTIFS, ["", "C1", "Trieur", 2, 0]]), listes))
    assert (comptes(trace), trace.rapport["feuilles_sautees"]) == (
        (1, 0, 0, 0),
        {"Listes": "sans les en-têtes attendus"},
    )
    trace = volumes(classeur(("Feuil1", [LONG, ["C1", CELLULE, 5, 2026]]), listes))
    assert (comptes(trace)[0], list(trace.rapport["feuilles_sautees"])) == (1, ["Listes"])


# --- Ce qui est masqué, fusionné, ou seulement mis en forme
# ---------------------------------------------------


def masquee(livre: Any) -> None:
    livre["ancien"].sheet_state = "hidden"


def test_une_feuille_masquee_n_est_lue_que_sur_demande_et_toujours_annoncee(centre: Any) -> None:
    contenu = classeur(
        ("Feuil1", [LONG, ["C1", CELLULE, 5, 2026]]),
        ("ancien", [LONG, ["C1", CELLULE, 99, 2025]]),
        apres=masquee,
    )
    trace = volumes(contenu)
    assert (comptes(trace)[0], trace.rapport["feuilles_sautees"]) == (1, {"ancien": "feuille masquée"})
    trace = volumes(contenu, masques=True)
    assert comptes(trace)[0] == 1
    assert "« ancien » masquée : lue, comme demandé" in trace.rapport["avertissements"][0]


@pytest.mark.parametrize("filtrees", [[3], [3, 4]])
def test_les_lignes_masquees_ou_filtrees_aussi(centre: Any, filtrees: list[int]) -> None:
    def filtrer(livre: Any) -> None:
        livre["F"].auto_filter.ref = "A1:D4"
        for numero in filtrees:
            livre["F"].row_dimensions[numero].hidden = True

    lignes = [[f"C{n}", CELLULE, n, 2026] for n in (1, 2, 3)]
    for code in ("C2", "C3"):
        CentreFactory(code=code)
    contenu = classeur(("F", [LONG, *lignes]), apres=filtrer)
    trace = volumes(contenu)
    assert (comptes(trace)[0], trace.rapport["lignes_masquees"]) == (3 - len(filtrees), len(filtrees))
    pluriel = "1 ligne masquée ou filtrée" if len(filtrees) == 1 else "2 lignes masquées ou filtrées"
    assert pluriel in trace.rapport["avertissements"][0]
    assert comptes(volumes(contenu, masques=True))[0] == len(filtrees)


def test_une_colonne_masquee_est_lue_et_annoncee(centre: Any) -> None:
    def masquer(livre: Any) -> None:
        livre["F"].column_dimensions["C"].hidden = True

    trace = volumes(classeur(("F", [LONG, ["C1", CELLULE, 5, 2026]]), apres=masquer))
    assert comptes(trace)[0] == 1
    assert "colonnes masquées, lues : C" in trace.rapport["avertissements"][0]


def fusionner(livre: Any) -> None:
    livre["F"].merge_cells("A2:A3")


def test_une_etiquette_fusionnee_est_recopiee_sur_demande_sinon_refusee(centre: Any) -> None:
    lignes = [LONG, ["C1", CELLULE, 5, 2026], [None, "co.arrive.local", 6, 2026]]
    contenu = classeur(("F", lignes), apres=fusionner)
    trace = volumes(contenu)
    assert (3, "centre") in places(trace)
    assert "cellule fusionnée A2:A3" in raisons(trace)[0]
    trace = volumes(contenu, fusions=True)
    assert comptes(trace)[0] == 2
    assert "recopiées, comme demandé : A2:A3" in trace.rapport["avertissements"][0]


def test_la_mise_en_forme_n_est_pas_une_donnee(centre: Any) -> None:
    from openpyxl.styles import PatternFill

    def colorier(livre: Any) -> None:
        for rang in range(3, 9_003):
            for colonne in range(1, 23):
                livre["F"].cell(rang, colonne).fill = PatternFill("solid", fgColor="FFFF00")

    trace = effectifs(classeur(("F", [EFFECTIFS, ["", "C1", "Trieur", 2, 0]]), apres=colorier))
    assert comptes(trace) == (1, 0, 0, 0)


# --- Les fichiers mêmes
# ----------------------------------------------------------------------------------------


@pytest.fixture
def du_pays(db: None) -> None:
    for code in ("DEMO-0006", "DEMO-0203", "DEMO-0073"):
        CentreFactory(code=code, direction__region__code=f"R{code}")
    PosteFactory(code="CHEF DE CENTRE")


@pytest.mark.parametrize(
    ("fichier", "attendu"),
    [
        ("v01_point_milliers.csv", "se lit 12,5 ou 12500"),
        ("v06_date.xlsx", "03/05/2026"),
        ("v07_formule.xlsx", "formule sans valeur enregistrée en B2"),
    ],
)
def test_les_volumes_mal_lus_d_alors_sont_refuses(
    du_pays: None, dossier_partage: Path, fichier: str, attendu: str
) -> None:
    contenu = (dossier_partage / "cas" / "effectifs" / fichier).read_bytes()
    assert attendu in raisons(volumes(contenu, fichier))[0]


@pytest.mark.parametrize(
    ("fichier", "crees"), [("v08_titre.xlsx", 1), ("v10_masque.xlsx", 2), ("y_2027.csv", 1)]
)
def test_les_volumes_qui_se_lisent_se_lisent(
    du_pays: None, dossier_partage: Path, fichier: str, crees: int
) -> None:
    contenu = (dossier_partage / "cas" / "effectifs" / fichier).read_bytes()
    assert comptes(volumes(contenu, fichier)) == (1, 0, 0, 0)
