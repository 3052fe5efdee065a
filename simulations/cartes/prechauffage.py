"""Les cartes de toutes les directions, compilées d'avance : le premier calcul du pays ne les attend pas."""

from referentiels.models import Direction
from simulations.cartes.cache import ReglesLues, carte_de_direction


def prechauffer() -> None:
    regles = ReglesLues()
    for pk in Direction.objects.values_list("pk", flat=True):
        carte_de_direction(pk, regles=regles)
