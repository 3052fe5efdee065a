"""Fixtures des tests EuroMillions."""

from typing import Any

import pytest

from euromillions.tests import fabriques, outils_references


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
    return outils_references.references()
