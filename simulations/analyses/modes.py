"""Les trois modes côte à côte, sur les mêmes entrées : actuel, recommandé, optimisé."""

from dataclasses import replace
from typing import Any

import numpy as np

from simulations.analyses.analyse import Analyse, Corps
from simulations.analyses.memoire import memoriser, sous_le_total
from simulations.calculs.relecture import relire
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation
from simulations.moteur import MODES, Carte, Parametres, Resultat, appliquer_mode, calculer
from simulations.moteur.carte import Flottants
from simulations.moteur.mesures import NOMBRE, Sommes, colonnes_et_prix
from simulations.moteur.niveaux import Cle, Etiquette, etiquettes, lignes


def modes_compares(carte: Carte, volumes: Flottants, parametres: Parametres) -> list[tuple[Carte, Resultat]]:
    """(carte du mode, résultat) de chaque mode, dans l'ordre de MODES."""
    cartes = [appliquer_mode(carte, mode) for mode in MODES]
    return [
        (du_mode, calculer(du_mode, volumes, replace(parametres, mode=mode)))
        for mode, du_mode in zip(MODES, cartes, strict=True)
    ]


def trois_modes(simulation: Simulation, perimetre: Perimetre) -> Corps:
    """Mesures du total et de chaque ligne dans les trois modes, et leur différence au mode actuel.

    Un poste qu'un mode verse à un autre n'y a pas de mesures : None.
    """

    def calculer_() -> Corps:
        total = np.zeros((len(MODES), NOMBRE), dtype=np.int64)
        noms: dict[Cle, Etiquette] = {}
        sommes: dict[Cle, dict[str, Sommes]] = {}
        for part in relire(simulation, perimetre):
            entrees = part.entrees
            paires = modes_compares(entrees.carte, entrees.volumes, entrees.parametres)
            for rang, (carte, resultat) in enumerate(paires):
                valeurs = colonnes_et_prix(resultat)
                total[rang] += valeurs.sum(axis=0)
                sommeur = lignes(carte, perimetre.niveau)
                qui = etiquettes(carte, perimetre.niveau)
                for cle, nom, somme in zip(sommeur.cles, qui, sommeur.sommer(valeurs), strict=True):
                    noms.setdefault(cle, nom)
                    sommes.setdefault(cle, {})[MODES[rang]] = Sommes.depuis(somme)
        totaux = {mode: Sommes.depuis(total[rang]) for rang, mode in enumerate(MODES)}
        corps: list[Corps] = [{**noms[cle], "modes": _par_mode(sommes[cle])} for cle in noms]
        return {
            "niveau": perimetre.niveau,
            "modes": [{"mode": mode, **mesures} for mode, mesures in _par_mode(totaux).items()],
            "lignes": sous_le_total(corps, perimetre),
        }

    return memoriser([simulation], f"modes:{perimetre.cle}", calculer_)


def _par_mode(sommes: dict[str, Sommes]) -> dict[str, Any]:
    depart = sommes.get(MODES[0], Sommes())
    return {
        mode: {**sommes[mode].en_unites(), **sommes[mode].difference(depart)} if mode in sommes else None
        for mode in MODES
    }


ANALYSE = Analyse(
    code="modes",
    libelle="Trois modes",
    phrase="Les trois modes côte à côte, sur les mêmes entrées",
    calcul=trois_modes,
)
