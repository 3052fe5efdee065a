"""Ce que le hasard seul donnerait : espérances exactes et probabilités des extrêmes observés.

scipy.special s'importe dans les fonctions : à lui seul il retarderait chaque démarrage de 0,2 s.
"""

from functools import lru_cache
from math import comb, sqrt

import numpy as np

from euromillions.statistiques.historique import NUMEROS_MAX, NUMEROS_TIRES, Entiers, Reels

PHRASE = (
    "Les tirages sont indépendants : aucun numéro n'est « en retard » ni « chaud ». "
    "Ces chiffres décrivent le passé, ils n'annoncent rien."
)


def p_chi2(statistique: float, degres: int) -> float:
    """Probabilité de dépasser cette valeur sous le χ² à `degres` degrés de liberté."""
    from scipy.special import chdtrc

    return float(chdtrc(degres, statistique))


def au_moins_un_au_dessus(observe: float, *, tirages: int, p: float, valeurs: int) -> float:
    """Probabilité (approchée) que la plus sortie de `valeurs` valeurs le soit `observe` fois ou plus.

    Chaque compte suit une loi binomiale exacte ; les valeurs sont traitées comme indépendantes, ce qui
    ne change le résultat que de quelques centièmes.
    """
    from scipy.special import bdtrc

    depasse = 1.0 if observe <= 0 else float(bdtrc(observe - 1, tirages, p))
    return 1.0 - (1.0 - depasse) ** valeurs


def au_moins_un_au_dessous(observe: float, *, tirages: int, p: float, valeurs: int) -> float:
    """Probabilité (approchée) que la moins sortie le soit `observe` fois ou moins."""
    from scipy.special import bdtr

    return 1.0 - (1.0 - float(bdtr(observe, tirages, p))) ** valeurs


def au_moins_un_absent(ecart: int, *, p: float, valeurs: int) -> float:
    """Probabilité (approchée) qu'une valeur au moins soit absente depuis `ecart` tirages ou plus."""
    return 1.0 - (1.0 - (1.0 - p) ** ecart) ** valeurs


def hypergeometrique(population: int, choisis: int, tires: int) -> list[float]:
    """P(j boules parmi `choisis`) pour j = 0…tires."""
    total = comb(population, tires)
    return [comb(choisis, j) * comb(population - choisis, tires - j) / total for j in range(tires + 1)]


def paires_consecutives(reserve: int = NUMEROS_MAX, tires: int = NUMEROS_TIRES) -> list[float]:
    """P(j paires de numéros qui se suivent) pour j = 0…tires-1 : on compte les suites séparées."""
    total = comb(reserve, tires)
    return [comb(reserve - tires + 1, tires - j) * comb(tires - 1, j) / total for j in range(tires)]


@lru_cache(maxsize=4)
def sommes(reserve: int = NUMEROS_MAX, tires: int = NUMEROS_TIRES) -> tuple[float, ...]:
    """P(somme = s) pour s = 0… : dénombrement exact par programmation dynamique."""
    plus_grande = sum(range(reserve - tires + 1, reserve + 1))
    facons = np.zeros((tires + 1, plus_grande + 1), dtype=np.int64)
    facons[0, 0] = 1
    for valeur in range(1, reserve + 1):
        for nombre in range(tires, 0, -1):
            facons[nombre, valeur:] += facons[nombre - 1, : plus_grande + 1 - valeur]
    return tuple((facons[tires] / comb(reserve, tires)).tolist())


@lru_cache(maxsize=4)
def positions(reserve: int, tires: int) -> Reels:
    """P(la i-ième boule triée vaut v), forme (tires, reserve)."""
    total = comb(reserve, tires)
    return np.array(
        [
            [comb(v - 1, i) * comb(reserve - v, tires - 1 - i) / total for v in range(1, reserve + 1)]
            for i in range(tires)
        ]
    )


def ajustement(comptes: Entiers, probabilites: Reels) -> tuple[float, int, float]:
    """(χ², degrés de liberté, p) d'un test d'ajustement à des probabilités connues."""
    attendus = probabilites * comptes.sum()
    chi2 = float(((comptes - attendus) ** 2 / attendus).sum())
    degres = len(comptes) - 1
    return chi2, degres, p_chi2(chi2, degres)


def z_proportion(reussites: int, essais: int, p: float) -> float | None:
    """Écart réduit d'une proportion à `p` ; None sans essai."""
    if not essais:
        return None
    return (reussites / essais - p) / sqrt(p * (1 - p) / essais)
