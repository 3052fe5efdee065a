"""Les trois modes côte à côte, sur les mêmes entrées : actuel, recommandé, optimisé."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulations.analyses.memoire import memoriser, sous_le_total
from simulations.calculs.relecture import relire
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation
from simulations.moteur import MODES, Carte, Parametres, Resultat, appliquer_mode, calculer
from simulations.moteur.carte import Flottants
from simulations.moteur.mesures import colonnes, en_unites, etp
from simulations.moteur.niveaux import etiquettes, lignes

ETP, ECART = 1, 4  # rangs dans `_colonnes`


def modes_compares(carte: Carte, volumes: Flottants, parametres: Parametres) -> list[tuple[Carte, Resultat]]:
    """(carte du mode, résultat) de chaque mode, dans l'ordre de MODES."""
    cartes = [appliquer_mode(carte, mode) for mode in MODES]
    return [
        (du_mode, calculer(du_mode, volumes, replace(parametres, mode=mode)))
        for mode, du_mode in zip(MODES, cartes, strict=True)
    ]


def trois_modes(simulation: Simulation, perimetre: Perimetre) -> dict[str, Any]:
    """Mesures du total et de chaque ligne dans les trois modes, et leur différence au mode actuel.

    Un poste qu'un mode verse à un autre n'y a pas de mesures : None.
    """

    def calculer_() -> dict[str, Any]:
        total = np.zeros((len(MODES), 7), dtype=np.int64)
        corps: dict[tuple[int, ...], dict[str, Any]] = {}
        for part in relire(simulation, perimetre):
            entrees = part.entrees
            paires = modes_compares(entrees.carte, entrees.volumes, entrees.parametres)
            for rang, (carte, resultat) in enumerate(paires):
                valeurs = _colonnes(resultat)
                total[rang] += valeurs.sum(axis=0)
                sommeur = lignes(carte, perimetre.niveau)
                sommes, qui = sommeur.sommer(valeurs), etiquettes(carte, perimetre.niveau)
                for cle, noms, somme in zip(sommeur.identifiants, qui, sommes, strict=True):
                    corps.setdefault(cle, {**noms, "sommes": {}})["sommes"][MODES[rang]] = somme
        return {
            "niveau": perimetre.niveau,
            "modes": [{"mode": mode, **_mesures(total[rang], total[0])} for rang, mode in enumerate(MODES)],
            "lignes": sous_le_total([_ligne(ligne) for ligne in corps.values()], perimetre),
        }

    return memoriser([simulation], f"modes:{perimetre.cle}", calculer_)


def _ligne(ligne: dict[str, Any]) -> dict[str, Any]:
    sommes = ligne.pop("sommes")
    zero = np.zeros(7, dtype=np.int64)
    depart = sommes.get(MODES[0], zero)
    mesures = {mode: _mesures(sommes[mode], depart) if mode in sommes else None for mode in MODES}
    return {**ligne, "modes": mesures}


def _colonnes(resultat: Resultat) -> NDArray[np.int64]:
    """(postes × 7) entiers exacts ; la dernière colonne compte les écarts qu'aucun salaire ne chiffre."""
    return np.column_stack([*colonnes(resultat), resultat.sans_prix])


def _mesures(somme: NDArray[np.int64], depart: NDArray[np.int64]) -> dict[str, Any]:
    *entieres, sans_prix = somme.tolist()
    return {
        **en_unites(*entieres, cout_connu=not sans_prix),
        "difference_etp": etp(entieres[ETP] - int(depart[ETP])),
        "difference_ecart": (entieres[ECART] - int(depart[ECART])) / 10,
    }
