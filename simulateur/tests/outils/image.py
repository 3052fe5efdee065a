"""L'image de production, refaite à la main d'après le Dockerfile et .dockerignore, sans moteur Docker."""

import re
import shlex
import shutil
from pathlib import Path

from django.conf import settings

RACINE = Path(settings.BASE_DIR)


def instructions() -> list[tuple[str, str]]:
    """(mot, reste) de chaque instruction, lignes de suite réunies, commentaires ôtés."""
    texte = re.sub(r"^\s*#.*\n", "", (RACINE / "Dockerfile").read_text(), flags=re.MULTILINE)
    lignes = texte.replace("\\\n", " ").splitlines()
    return [tuple(ligne.split(None, 1)) for ligne in lignes if ligne.strip()]  # type: ignore[misc]


def copies() -> list[tuple[list[str], str]]:
    lues = []
    for mot, reste in instructions():
        if mot == "COPY" and not reste.startswith("--from"):
            *sources, cible = shlex.split(reste)
            lues.append((sources, cible))
    return lues


def construire(app: Path) -> Path:
    """Le dossier /app de l'image : ce que les COPY y mettent, moins ce que .dockerignore retire."""
    app.mkdir()
    exclus = [
        ligne.removeprefix("**/")
        for ligne in (RACINE / ".dockerignore").read_text().splitlines()
        if ligne.startswith("**/")
    ]
    for sources, cible in copies():
        for source in sources:
            if (RACINE / source).is_dir():
                shutil.copytree(RACINE / source, app / cible, ignore=shutil.ignore_patterns(*exclus))
            elif not Path(cible).is_absolute():
                shutil.copy(RACINE / source, app / cible)
    return app
