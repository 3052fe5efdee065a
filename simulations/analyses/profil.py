"""L'année mois par mois."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from simulations.analyses.analyse import Analyse, Corps, Donnees, Option
from simulations.analyses.memoire import memoriser, sous_le_total
from simulations.calculs.relecture import relire
from simulations.demandes import options
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation
from simulations.moteur import profil as profils
from simulations.moteur.mesures import en_personnes, etp
from simulations.moteur.niveaux import etiquettes


class Mois(TypedDict):
    """Douze valeurs de chaque ; `pointe` : de 1 à 12, ou None quand tous les mois se valent."""

    etp: list[float]
    personnes: list[float]
    pointe: int | None


def profil(simulation: Simulation, perimetre: Perimetre, *, parts: Sequence[float]) -> Corps:
    """Les 12 mois : ETP et personnes du total et de chaque ligne, et leur mois de pointe."""

    def calculer() -> Corps:
        total = np.zeros(profils.MOIS, dtype=np.int64)
        ronds = np.zeros(profils.MOIS, dtype=np.int64)
        corps: list[Corps] = []
        for part in relire(simulation, perimetre):
            mois = profils.profil(part.carte, part.entrees.volumes, part.entrees.parametres, parts)
            total += mois.etp_pico.sum(axis=0)
            ronds += mois.arrondi.sum(axis=0)
            etps, gens = mois.au_niveau(part.carte, perimetre.niveau)
            corps += [
                {**qui, **_douze(e, g)}
                for qui, e, g in zip(etiquettes(part.carte, perimetre.niveau), etps, gens, strict=True)
            ]
        return {
            "niveau": perimetre.niveau,
            "parts_du_mois": list(map(float, parts)),
            "total": _douze(total, ronds),
            "lignes": sous_le_total(corps, perimetre),
        }

    nom = f"profil:{perimetre.cle}:{','.join(f'{part:g}' for part in parts)}"
    return memoriser([simulation], nom, calculer)


def _douze(etps: NDArray[np.int64], gens: NDArray[np.int64]) -> Mois:
    return {
        "etp": [etp(v) for v in etps],
        "personnes": [en_personnes(v) for v in gens],
        # Douze mois égaux n'ont pas de pointe.
        "pointe": profils.pointe(etps) + 1 if etps.min() < etps.max() else None,
    }


def _parts(donnees: Donnees, _: Simulation) -> Sequence[float]:
    return options.parts_du_mois(donnees) or profils.PARTS_DEFAUT


ANALYSE = Analyse(
    code="profil",
    libelle="Profil de l'année",
    phrase="Les 12 mois et leur pointe",
    calcul=profil,
    options=(
        Option("parts", str, "Douze parts du volume annuel en %, 8,33 chacune par défaut", _parts, "parts"),
    ),
)
