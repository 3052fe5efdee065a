"""Le code lu comme un texte : ses modules, qui importe qui, où une fonction importe."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

RACINE = Path(settings.BASE_DIR)
APPLICATIONS = ("simulateur", "referentiels", "simulations", "euromillions", "bancs")
HORS_CODE = ("tests", "migrations", "__pycache__")


def fichiers(*applications: str) -> list[Path]:
    """Les fichiers Python de ces applications (de toutes, à défaut), sans tests ni migrations."""
    return sorted(
        chemin
        for application in applications or APPLICATIONS
        for chemin in (RACINE / application).rglob("*.py")
        if not set(HORS_CODE) & set(chemin.relative_to(RACINE).parts)
    )


def module(chemin: Path) -> str:
    parties = chemin.relative_to(RACINE).with_suffix("").parts
    return ".".join(parties[:-1] if parties[-1] == "__init__" else parties)


def fonctions(chemin: Path) -> Iterator[tuple[str, int]]:
    """(nom, nombre de lignes) de chaque fonction du fichier."""
    for noeud in ast.walk(ast.parse(chemin.read_text())):
        if isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef):
            yield noeud.name, (noeud.end_lineno or noeud.lineno) - noeud.lineno + 1


def imports(chemin: Path) -> Iterator[tuple[str, list[str]]]:
    """(module importé, fonctions autour de l'import) ; ceux de TYPE_CHECKING sont omis."""
    yield from _imports(ast.parse(chemin.read_text()), [])


def _imports(noeud: ast.AST, autour: list[str]) -> Iterator[tuple[str, list[str]]]:
    for enfant in ast.iter_child_nodes(noeud):
        if isinstance(enfant, ast.If) and "TYPE_CHECKING" in ast.unparse(enfant.test):
            continue
        if isinstance(enfant, ast.Import):
            yield from ((alias.name, autour) for alias in enfant.names)
        elif isinstance(enfant, ast.ImportFrom) and enfant.module:
            yield from ((f"{enfant.module}.{alias.name}", autour) for alias in enfant.names)
        nomme = isinstance(enfant, ast.FunctionDef | ast.AsyncFunctionDef)
        yield from _imports(enfant, [*autour, enfant.name] if nomme else autour)


def graphe(*applications: str) -> dict[str, set[str]]:
    """Chaque module et ceux du projet qu'il importe (un nom importé désigne son module)."""
    connus = {module(chemin): chemin for chemin in fichiers(*applications)}
    liens: dict[str, set[str]] = {}
    for nom, chemin in connus.items():
        cibles = (_le_module(importe, connus) for importe, _ in imports(chemin))
        liens[nom] = {cible for cible in cibles if cible and cible != nom}
    return liens


def _le_module(importe: str, connus: dict[str, Path]) -> str | None:
    candidats = (importe, importe.rpartition(".")[0])
    return next((candidat for candidat in candidats if candidat in connus), None)


def cercles(liens: dict[str, set[str]]) -> list[list[str]]:
    """Les groupes de modules qui s'importent en rond (composantes fortement connexes de plus d'un module)."""
    rangs: dict[str, int] = {}
    bas: dict[str, int] = {}
    pile: list[str] = []
    trouves: list[list[str]] = []

    def visiter(nom: str) -> None:
        rangs[nom] = bas[nom] = len(rangs)
        pile.append(nom)
        for cible in sorted(liens.get(nom, ())):
            if cible not in rangs:
                visiter(cible)
                bas[nom] = min(bas[nom], bas[cible])
            elif cible in pile:
                bas[nom] = min(bas[nom], rangs[cible])
        if bas[nom] == rangs[nom]:
            groupe = pile[pile.index(nom) :]
            del pile[pile.index(nom) :]
            if len(groupe) > 1:
                trouves.append(sorted(groupe))

    for nom in sorted(liens):
        if nom not in rangs:
            visiter(nom)
    return trouves
