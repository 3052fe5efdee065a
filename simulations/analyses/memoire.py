"""Mémoire des analyses : une simulation finie ne change plus, ce qu'on en a tiré non plus."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from simulateur.cache.donnees import Famille, lire_ou_calculer
from simulations.analyses.analyse import Corps
from simulations.calculs.demesure import refuser_la_demesure
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation
from simulations.moteur import VERSION

FAMILLE = Famille("analyse", duree_s=24 * 3600)
CLE_MAX = 150
FORME = 2  # à augmenter quand une analyse change de forme ou de chiffres, à moteur égal


def memoriser(simulations: Sequence[Simulation], nom: str, calcul: Callable[[], Any]) -> dict[str, Any]:
    """Le résultat d'une analyse : une simulation finie ne change plus, sa clé n'a pas besoin de révision.

    Lève Refus si une mesure ne tient pas dans ses 64 bits : jamais un chiffre replié.
    """
    cles = ",".join(str(simulation.pk) for simulation in simulations)
    cle = f"{nom}:{cles}"
    if len(cle) > CLE_MAX:
        cle = f"{nom.split(':')[0]}:{hashlib.sha256(cle.encode()).hexdigest()}"
    with refuser_la_demesure():
        valeur: dict[str, Any] = lire_ou_calculer(FAMILLE, cle, f"{VERSION}-{FORME}", calcul).valeur
    return valeur


def sous_le_total(corps: list[Corps], perimetre: Perimetre) -> list[Corps]:
    """Au niveau national, les lignes répéteraient le total, direction par direction."""
    return [] if perimetre.niveau == "national" else corps
