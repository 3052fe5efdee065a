"""Jamais un chiffre replié : une mesure qui ne tient pas dans ses 64 bits est un refus."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np

from simulateur.web.refus import Refus
from simulations.moteur import Resultat

PHRASE = (
    "Volumes démesurés : plus de 4,6 millions d'heures par jour ou d'ETP. Vérifier volumes et croissance."
)
TOTAL_MAX_PICO = 2.0**62


@contextmanager
def refuser_la_demesure() -> Iterator[None]:
    """Refus à la place d'un nombre que le calcul aurait replié."""
    try:
        with np.errstate(invalid="raise"):
            yield
    except FloatingPointError:
        raise Refus(PHRASE) from None


def refuser_un_total_demesure(resultats: Iterable[Resultat]) -> None:
    """Chaque mesure tient en 64 bits ; leur somme aussi, vérifiée en flottants qui ne débordent pas."""
    lus = list(resultats)
    for mesure in ("heures_pico", "etp_pico"):
        if sum(float(getattr(lu, mesure).sum(dtype=np.float64)) for lu in lus) > TOTAL_MAX_PICO:
            raise Refus(PHRASE)
