"""La carte d'un mode, gardée dans le processus : ce que le mode a fait d'une carte ne vieillit pas."""

from simulateur.cache.memoire import Memoire
from simulations.cartes.cache import CARTES_EN_MEMOIRE, CarteDeDirection
from simulations.moteur import Carte, appliquer_mode

_MODES: Memoire[Carte] = Memoire(CARTES_EN_MEMOIRE)


def carte_du_mode(origine: CarteDeDirection, carte: Carte, mode: str) -> Carte:
    """`appliquer_mode` de `carte`, l'origine ou une part d'elle ; l'origine ne se transforme qu'une fois.

    Une carte garde aussi sa matrice de durées : un essai qui se répète ne la refait pas.
    """
    if mode == "actuel" or carte is not origine.carte:
        return appliquer_mode(carte, mode)
    cle = (origine.empreinte, mode)
    gardee = _MODES.lire(cle)
    return gardee if gardee is not None else _MODES.garder(cle, appliquer_mode(carte, mode))
