"""La clé d'une réponse gardée : tout ce dont elle dépend, en une empreinte."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from simulateur.perms import peut_entrer_dans_l_admin, portee_du_lecteur

DOSSIERS_DU_CODE = ("simulateur", "referentiels", "simulations", "euromillions", "templates")
SUFFIXES_DU_CODE = (".py", ".html")


def cle_de_lecture(request: Any, *etat: object) -> str:
    """Empreinte d'une lecture : adresse entière, lecteur, jour, version du code, et `etat` de ses données."""
    return hacher(
        request.build_absolute_uri(),
        portee_du_lecteur(request.user),
        peut_entrer_dans_l_admin(request.user),
        timezone.localdate(),
        empreinte_du_code(),
        *etat,
    )


def hacher(*parties: object) -> str:
    """Empreinte courte de valeurs simples (textes, nombres, dates, listes d'elles)."""
    return hashlib.blake2b(repr(parties).encode(), digest_size=16).hexdigest()


@cache
def empreinte_du_code() -> str:
    """Empreinte de ce qui fait la forme d'une réponse : un déploiement change toutes les clés."""
    somme = hashlib.blake2b(digest_size=8)
    for fichier in _fichiers_du_code(Path(settings.BASE_DIR)):
        somme.update(str(fichier).encode())
        somme.update(fichier.read_bytes())
    return somme.hexdigest()


def _fichiers_du_code(racine: Path) -> list[Path]:
    trouves: list[Path] = []
    for dossier in DOSSIERS_DU_CODE:
        trouves += (f for f in (racine / dossier).rglob("*") if f.suffix in SUFFIXES_DU_CODE)
    return sorted(fichier for fichier in trouves if "tests" not in fichier.parts and fichier.is_file())
