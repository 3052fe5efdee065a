"""Ce qu'une lecture regarde d'une simulation, et le niveau de ses lignes."""

from dataclasses import dataclass

from simulations.models import Simulation


@dataclass(frozen=True)
class Perimetre:
    """Ce qu'on regarde : tout le calcul, une direction ou un centre ; et le niveau des lignes."""

    niveau: str
    direction_id: int | None = None
    centre_id: int | None = None

    def __str__(self) -> str:
        if self.centre_id:
            return f"Le centre {self.centre_id}"
        return f"La direction {self.direction_id}" if self.direction_id else "Ce périmètre"

    @property
    def cle(self) -> str:
        return f"{self.niveau}:{self.direction_id or 0}:{self.centre_id or 0}"


def niveau_par_defaut(simulation: Simulation, *, direction_id: int | None, centre_id: int | None) -> str:
    """Le niveau juste au-dessous de ce qu'on regarde."""
    if centre_id:
        return "poste"
    if direction_id:
        return "centre"
    if simulation.niveau == Simulation.Niveau.NATIONAL:
        return "direction"
    return "centre" if simulation.niveau != Simulation.Niveau.CENTRE else "poste"
