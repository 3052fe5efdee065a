"""Portées de révision des simulations et des scénarios : ce que touche chaque écriture.

- `sim:toutes` : toute simulation ; `sim:finies` : une simulation finie, ou qui finit ;
- `sim:direction:5`, `sim:niveau:national` : celles d'une direction, d'un niveau ;
- `sim:scenarios` : tout scénario ; `sim:partages` : tout partage d'une simulation.
"""

from collections.abc import Iterable

TOUTES = "sim:toutes"
FINIES = "sim:finies"
SCENARIOS = "sim:scenarios"
PARTAGES = "sim:partages"


def de_la_direction(direction_id: int) -> str:
    return f"sim:direction:{direction_id}"


def du_niveau(niveau: str) -> str:
    return f"sim:niveau:{niveau}"


def des_simulations(lignes: Iterable[tuple[str, int | None, bool]]) -> set[str]:
    """Portées de ces (niveau, direction, finie ou non)."""
    portees: set[str] = set()
    for niveau, direction_id, finie in lignes:
        portees |= {TOUTES, du_niveau(niveau)}
        if direction_id is not None:
            portees.add(de_la_direction(direction_id))
        if finie:
            portees.add(FINIES)
    return portees
