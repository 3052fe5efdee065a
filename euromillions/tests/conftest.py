"""Fixtures des tests EuroMillions."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from euromillions.tests.outils import fabriques


@pytest.fixture
def histoire_reelle(db: None, dossier_partage: Path) -> int:
    """Les 1 974 tirages réels, en base."""
    return fabriques.histoire_reelle(dossier_partage)


@pytest.fixture
def petite_histoire(db: None) -> list[Any]:
    return fabriques.petite_histoire()


@pytest.fixture(scope="session")
def oracle(dossier_partage: Path) -> Callable[[str], Any]:
    """`oracle("gaps")` : les chiffres de référence d'un fichier."""
    return lambda nom: json.loads((dossier_partage / f"oracles/euromillions/{nom}.json").read_text())
