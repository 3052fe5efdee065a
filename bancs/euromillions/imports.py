"""Vitesse de l'import : la commande entière, démarrage de Django compris, chaque fois sur une base neuve."""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from bancs.outil import Banc, Mesure, chrono

FICHIERS = "donnees/euromillions/fdj"
FOIS = 5
DELAI_S = 120


def bancs() -> list[Banc]:
    return [Banc("euromillions : import", mesurer_l_import, phases=("embarque",))]


def mesurer_l_import() -> Iterator[Mesure]:
    """Les vrais fichiers de l'opérateur, lus là où ils sont ; sans eux, la raison est dite."""
    dossier = Path(os.environ.get("DOSSIER_PARTAGE") or settings.BASE_DIR.parent / "shared") / FICHIERS
    fichiers = sorted(str(fichier) for fichier in dossier.resolve().glob("*.csv"))
    if not fichiers:
        print(f"    import non mesuré : aucun fichier de l'opérateur dans {dossier} (donner DOSSIER_PARTAGE)")
        return
    durees = []
    with TemporaryDirectory(prefix="banc-import-") as provisoire:
        vierge = Path(provisoire) / "vierge"
        _manage(vierge, "migrate", "-v0")
        for passage in range(FOIS):
            copie = shutil.copytree(vierge, Path(provisoire) / str(passage))
            with chrono() as duree:
                sortie = _manage(copie, "importer_tirages", "--appliquer", "--json", *fichiers)
            durees.append(duree())
    ajoutes = sum(compte["ajoutes"] for compte in json.loads(sortie))
    detail = f"{len(fichiers)} fichiers, {ajoutes} tirages, démarrage compris"
    yield Mesure("import des fichiers de l'opérateur", statistics.median(durees), "s", 3, detail)


def _manage(dossier: Path, *arguments: str) -> str:
    commande = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    fait = subprocess.run(
        commande, env=_environnement(dossier), check=True, capture_output=True, text=True, timeout=DELAI_S
    )
    return fait.stdout


def _environnement(dossier: Path) -> Mapping[str, str]:
    """Celui du banc, sur une autre base SQLite."""
    env = {**os.environ, "DOSSIER_DONNEES": str(dossier)}
    env.pop("DATABASE_URL", None)
    return env
