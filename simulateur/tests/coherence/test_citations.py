"""Les règles citées sont dans le dépôt : `docs/metier/<fichier>.md#<ancre>` mène toujours quelque part."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

RACINE = Path(settings.BASE_DIR)
DOCUMENTS = sorted((RACINE / "docs" / "metier").glob("*.md"))
LUS = (".py", ".html", ".md")
NON_LUS = ("__pycache__", "collecte_statique", "vendor")
ANCRE = re.compile(r'<a id="([a-z0-9-]+)"></a>')
CITATION = re.compile(r"docs/metier/([\w-]+\.md)#([\w-]*)")
LIEN = re.compile(r"\]\(([\w-]*(?:\.md)?)#([\w-]*)\)")
LIGNE_DE_TABLE = re.compile(r"^\| \[([^]]*)\]\(#([^)]*)\) \| .+ \| ([^|]+) \|$", re.M)
SECTION = re.compile(r'^<a id="([^"]+)"></a>\n#{2,3} .+\n\n\*État : ([^.*]+)\.\*', re.M)
ETATS = {"appliqué", "appliqué en partie", "pas appliqué", "repère"}
INTERDITS = {
    "règles qui ne sont pas dans le dépôt": re.compile(r"(?<!docs/)\bmetier[/]|\boracles[/]README"),
    "fichier de règles sans son dossier": re.compile(r"(?<!docs/metier/)\b(?:effectifs|euromillions)[.]md\b"),
    "paragraphe au lieu d'une ancre": re.compile(r"[.]md\s*§"),
}
SANS_ANCRE = re.compile(r"docs/metier/[\w-]+[.]md(?!#)")


def nom_du_document(document: Path) -> str:
    return document.name


def fichiers(racine: Path) -> Iterator[Path]:
    """Tous les fichiers lus, dossiers cachés exceptés ; sans git, qu'une machine nue n'a pas."""
    for dossier, sous_dossiers, noms in os.walk(racine):
        sous_dossiers[:] = [nom for nom in sous_dossiers if not nom.startswith(".") and nom not in NON_LUS]
        yield from (Path(dossier, nom) for nom in noms if nom.endswith(LUS))


def lignes(racine: Path) -> Iterator[tuple[str, str]]:
    """(« fichier:ligne », texte) de chaque ligne."""
    for fichier in fichiers(racine):
        for numero, texte in enumerate(fichier.read_text(encoding="utf-8").splitlines(), start=1):
            yield f"{fichier.relative_to(racine)}:{numero}", texte


def ancres(racine: Path) -> set[tuple[str, str]]:
    documents = (racine / "docs" / "metier").glob("*.md")
    return {(d.name, ancre) for d in documents for ancre in ANCRE.findall(d.read_text(encoding="utf-8"))}


def citations_mortes(racine: Path) -> list[str]:
    connues = ancres(racine)
    return [
        f"{ou} cite {document}#{ancre}"
        for ou, texte in lignes(racine)
        for document, ancre in CITATION.findall(texte)
        if (document, ancre) not in connues
    ]


def mal_citees(racine: Path) -> list[str]:
    """Règles citées autrement que par fichier et ancre. Les documents, eux, se nomment entre eux."""
    return [
        f"{ou} : {pourquoi}"
        for ou, texte in lignes(racine)
        if not ou.startswith("docs/")
        for pourquoi, motif in [*INTERDITS.items(), ("document sans ancre", SANS_ANCRE)]
        if motif.search(texte) and not (motif is SANS_ANCRE and ".md:" in ou)
    ]


def test_chaque_citation_mene_a_une_ancre():
    assert citations_mortes(RACINE) == []


def test_les_regles_se_citent_par_leur_ancre_et_jamais_autrement():
    assert mal_citees(RACINE) == []
    du_code = (texte for ou, texte in lignes(RACINE) if ".py:" in ou)
    cites = {document for texte in du_code for document, _ in CITATION.findall(texte)}
    assert cites == {document.name for document in DOCUMENTS}


@pytest.mark.parametrize(
    ("suffixe", "vue"), [("#la", False), ("#nulle-part", True), ("#La", True), ("#", True)]
)
def test_une_ancre_fausse_se_voit(tmp_path, suffixe, vue):
    (tmp_path / "docs" / "metier").mkdir(parents=True)
    (tmp_path / "docs" / "metier" / "regles.md").write_text('<a id="la"></a>\n')
    (tmp_path / "code.py").write_text('"""{}{}."""\n'.format("docs/metier/regles" + ".md", suffixe))
    assert bool(citations_mortes(tmp_path)) is vue


@pytest.mark.parametrize(
    ("citation", "vue"),
    [
        ("{0}/effectifs{1}#la", False),
        ("{0}/effectifs{1}", True),
        ("{0}/effectifs{1} §3", True),
        ("metier" + "/effectifs{1} §3", True),
        ("effectifs{1} §3", True),
        ("oracles" + "/README", True),
    ],
)
def test_une_regle_citee_autrement_se_voit(tmp_path, citation, vue):
    (tmp_path / "code.py").write_text(f"# {citation.format('docs/metier', '.md')}\n")
    assert bool(mal_citees(tmp_path)) is vue


@pytest.mark.parametrize("document", DOCUMENTS, ids=nom_du_document)
def test_un_document_nomme_chaque_ancre_une_fois_et_dit_l_etat_de_sa_section(document):
    texte = document.read_text(encoding="utf-8")
    posees = ANCRE.findall(texte)
    assert [ancre for ancre, fois in Counter(posees).items() if fois > 1] == []
    table = {ancre: etat for nom, ancre, etat in LIGNE_DE_TABLE.findall(texte) if nom == ancre}
    assert table == dict(SECTION.findall(texte))
    assert list(table) == posees
    assert set(table.values()) <= ETATS


@pytest.mark.parametrize("document", DOCUMENTS, ids=nom_du_document)
def test_un_lien_d_un_document_mene_a_une_ancre(document):
    connues = ancres(RACINE)
    vises = {(vers or document.name, ancre) for vers, ancre in LIEN.findall(document.read_text("utf-8"))}
    assert vises - connues == set()
