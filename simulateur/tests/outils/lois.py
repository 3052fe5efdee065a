"""Combien d'exemples tire une loi : cent au plus dans `make test`, dix fois plus dans `make test-complet`."""

import os

from hypothesis import settings

EXEMPLES = {"simulateur": 100, "complet": 1000}


def charger_le_profil() -> None:
    """Aucun test n'est chronométré : une machine chargée n'est pas un défaut."""
    for nom, nombre in EXEMPLES.items():
        settings.register_profile(nom, deadline=None, max_examples=nombre)
    settings.load_profile(_profil())


def exemples(nombre: int) -> int:
    """`nombre` exemples d'une loi coûteuse dans `make test`, en proportion dans `make test-complet`."""
    return nombre * EXEMPLES[_profil()] // EXEMPLES["simulateur"]


def _profil() -> str:
    return os.environ.get("SIMULATEUR_TEST_LOIS") or "simulateur"
