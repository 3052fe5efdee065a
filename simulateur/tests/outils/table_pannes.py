"""Extension pytest de `make pannes` : imprime la table panne → attendu → vu des essais marqués `panne`."""

from typing import Any

import pytest


def pytest_terminal_summary(terminalreporter: Any) -> None:
    lignes: dict[tuple[str, str], list[str]] = {}
    for issue, mot in (
        ("passed", "conforme"),
        ("skipped", "non essayé"),
        ("failed", "ÉCHEC"),
        ("error", "ÉCHEC"),
    ):
        for rapport in terminalreporter.stats.get(issue, []):
            for nom, valeur in getattr(rapport, "user_properties", []):
                if nom == "panne" and (rapport.when == "call" or issue != "passed"):
                    lignes.setdefault(valeur, []).append(mot)
    terminalreporter.section("pannes")
    for (faute, attendu), vus in lignes.items():
        pire = next(mot for mot in ("ÉCHEC", "non essayé", "conforme") if mot in vus)
        terminalreporter.write_line(f"{faute[:44]:<44} → {attendu[:76]:<76} → {pire} ({len(vus)})")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for essai in items:
        for marque in essai.iter_markers("panne"):
            essai.user_properties.append(("panne", tuple(marque.args)))
