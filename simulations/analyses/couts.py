"""La masse salariale, présente et calculée."""

from collections.abc import Sequence

import numpy as np

from simulations.analyses.analyse import Analyse, Corps
from simulations.analyses.memoire import memoriser, sous_le_total
from simulations.calculs.relecture import PartRelue, relire
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation
from simulations.moteur.carte import Entiers
from simulations.moteur.mesures import en_monnaie
from simulations.moteur.niveaux import etiquettes, lignes


def couts(simulation: Simulation, perimetre: Perimetre) -> Corps:
    """Masse salariale mensuelle et annuelle, présente et calculée ; None où un salaire manque."""

    def calculer() -> Corps:
        corps: list[Corps] = []
        somme = np.zeros(3, dtype=np.int64)
        for part in relire(simulation, perimetre):
            colonnes = _colonnes(part)
            somme += colonnes.sum(axis=0)
            par_ligne = lignes(part.carte, perimetre.niveau).sommer(colonnes).tolist()
            corps += [
                {**qui, **_masses(masses)}
                for qui, masses in zip(etiquettes(part.carte, perimetre.niveau), par_ligne, strict=True)
            ]
        return {
            "niveau": perimetre.niveau,
            "total": _masses(somme.tolist()),
            "lignes": sous_le_total(corps, perimetre),
        }

    return memoriser([simulation], f"couts:{perimetre.cle}", calculer)


def _colonnes(part: PartRelue) -> Entiers:
    """(postes × 3) : masse présente et calculée en dix-millièmes, et 1 où le salaire voulu manque."""
    resultat, carte = part.resultat, part.carte
    salaire = carte.titres.salaire_centimes[carte.postes.titre]
    paye = np.maximum(0, salaire)
    inconnu = (salaire < 0) & ((resultat.actuel > 0) | (resultat.arrondi > 0))
    return np.column_stack([resultat.actuel * paye, resultat.arrondi * paye, inconnu]).astype(np.int64)


def _masses(masses: Sequence[int]) -> dict[str, float | None]:
    actuel, calcule, inconnus = masses
    valeurs = {"actuel": actuel, "calcule": calcule, "ecart": calcule - actuel}
    mensuelles = {f"{nom}_mensuel": _connue(valeur, inconnus) for nom, valeur in valeurs.items()}
    annuelles = {f"{nom}_annuel": _connue(valeur * 12, inconnus) for nom, valeur in valeurs.items()}
    return {**mensuelles, **annuelles, "salaires_inconnus": int(inconnus)}


def _connue(masse: int, inconnus: int) -> float | None:
    return None if inconnus else en_monnaie(masse)


ANALYSE = Analyse(
    code="couts",
    libelle="Coûts",
    phrase="Masse salariale mensuelle et annuelle, présente et calculée",
    calcul=couts,
)
