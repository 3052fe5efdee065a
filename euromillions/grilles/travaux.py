"""Travaux périodiques des grilles, appelés par la file."""

import logging

from euromillions.grilles import heuristiques, mesures, purge, rapport
from euromillions.grilles.reglement import regler

journal = logging.getLogger(__name__)


def juger_les_grilles() -> dict[str, int]:
    """Filet : les grilles se jugent avec l'écriture du tirage ; ce passage quotidien rattrape un oubli."""
    bilan = regler()
    if bilan["grilles"]:
        journal.warning("%d grilles jugées par le passage quotidien", bilan["grilles"])
    return bilan


def rapport_hebdomadaire() -> str:
    """Le rapport de la semaine écoulée ; rejoué, il se remplace."""
    return str(rapport.produire())


def elaguer_les_mesures() -> int:
    return mesures.elaguer()


def purge_hebdomadaire() -> dict[str, int]:
    """Générations et backtests finis dont aucun chiffre ne dépend ; rend les nombres supprimés."""
    bilan = purge.purger().en_dict()
    journal.info("purge des générations EuroMillions : %s", bilan)
    return bilan


def reapprendre_le_modele() -> str:
    from euromillions.statistiques.apprentissage import TropPeuDeTirages

    try:
        return str(heuristiques.reapprendre())
    except TropPeuDeTirages as refus:
        journal.info("modèle non appris : %s", refus)
        return str(refus)
