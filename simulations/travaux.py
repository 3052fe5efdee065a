"""Points d'entrée Django-Q des simulations."""

from simulations.purge import purger


def purge_hebdomadaire() -> dict[str, int]:
    return purger().en_dict()
