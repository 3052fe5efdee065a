"""Fixtures des tests EuroMillions."""

from typing import Any

import pytest

from euromillions.tests.outils import fabriques
from euromillions.tests.outils.references import references as lire_les_references


@pytest.fixture
def histoire_reelle(db: None) -> int:
    """Les 1 974 tirages réels, en base."""
    return fabriques.histoire_reelle()


@pytest.fixture
def petite_histoire(db: None) -> list[Any]:
    return fabriques.petite_histoire()


@pytest.fixture(scope="session")
def references() -> dict[str, Any]:
    """Les chiffres de référence, calculés à part sur l'histoire réelle."""
    return lire_les_references()
