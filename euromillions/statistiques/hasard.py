"""Ce que le hasard seul donnerait : espérances exactes et probabilités des extrêmes observés.

scipy.special s'importe dans les fonctions : à lui seul il retarderait chaque démarrage de 0,2 s.
"""

from fractions import Fraction
from functools import lru_cache
from math import comb, sqrt

import numpy as np

from euromillions.statistiques.historique import NUMEROS_MAX, NUMEROS_TIRES, Entiers, Reels

NEGLIGEABLE = 1e-18
PHRASE = (
    "Les tirages sont indépendants : aucun numéro n'est « en retard » ni « chaud ». "
    "Ces chiffres décrivent le passé, ils n'annoncent rien."
)


def p_chi2(statistique: float, degres: int) -> float:
    """Probabilité de dépasser cette valeur sous le χ² à `degres` degrés de liberté."""
    from scipy.special import chdtrc

    return float(chdtrc(degres, statistique))


def au_moins_un_au_dessus(observe: int, *, tirages: int, tires: int, valeurs: int) -> float:
    """Probabilité que la plus sortie de `valeurs` valeurs le soit `observe` fois ou plus.

    On en tire `tires` à la fois, sans remise : leurs comptes se tiennent (voir `_loi_d_un_compte`).
    """
    return 1.0 - _tous_entre(0, observe - 1, tirages, tires, valeurs)


def au_moins_un_au_dessous(observe: int, *, tirages: int, tires: int, valeurs: int) -> float:
    """Probabilité que la moins sortie le soit `observe` fois ou moins."""
    return 1.0 - _tous_entre(observe + 1, tirages, tirages, tires, valeurs)


def au_moins_un_absent(ecart: int, *, tires: int, valeurs: int) -> float:
    """Probabilité exacte qu'une valeur au moins soit absente depuis `ecart` tirages ou plus.

    Inclusion et exclusion, en entiers : les termes alternés, énormes, se compensent.
    """
    somme = sum(
        (-1) ** (absentes + 1) * comb(valeurs, absentes) * comb(valeurs - absentes, tires) ** ecart
        for absentes in range(1, valeurs - tires + 1)
    )
    total = comb(valeurs, tires) ** ecart
    return float(Fraction(somme, total)) if ecart else 1.0


def _tous_entre(bas: int, haut: int, tirages: int, tires: int, valeurs: int) -> float:
    """P(tous les comptes de `bas` à `haut`), sachant que leur somme vaut `tires` fois `tirages`."""
    somme = tires * tirages
    if tires == valeurs:  # toute l'urne sort à chaque tirage
        return float(bas <= tirages <= haut)
    if haut * valeurs < somme or bas * valeurs > somme:
        return 0.0
    debut, tous = _loi_d_un_compte(tirages, tires, valeurs)
    comptes = debut + np.arange(len(tous))
    permis = np.where((comptes >= bas) & (comptes <= haut), tous, 0.0)
    reste = somme - debut * valeurs  # chacun en a au moins `debut`
    part = _p_de_la_somme(permis, valeurs, reste) / _p_de_la_somme(tous, valeurs, reste)
    return min(1.0, max(0.0, part))


def _p_de_la_somme(loi: Reels, fois: int, somme: int) -> float:
    """P(somme) pour `fois` comptes indépendants de cette loi."""
    longueur = 1 << ((len(loi) - 1) * fois).bit_length()
    return float(np.fft.irfft(np.fft.rfft(loi, longueur) ** fois, longueur)[somme])


def _loi_d_un_compte(tirages: int, tires: int, valeurs: int) -> tuple[int, Reels]:
    """La loi qu'auraient les comptes s'ils étaient indépendants, telle que leur somme connue les lie juste.

    Rend le plus petit compte non négligeable, et les masses à partir de lui.

    Le compte d'une valeur est binomial (chance k/m), et deux comptes ont pour corrélation −1/(m−1). Des
    comptes indépendants de même moyenne, de chance (k−1)/(m−1), retrouvent cette variance et cette
    corrélation une fois leur somme fixée ; à k = 1, leur limite de Poisson est exacte.
    """
    from scipy.special import gammaln, xlog1py, xlogy

    comptes = np.arange(tirages + 1, dtype=np.float64)
    moyenne, p = tirages * tires / valeurs, (tires - 1) / (valeurs - 1)
    if not p:
        logs = xlogy(comptes, moyenne) - gammaln(comptes + 1)
    else:
        essais = moyenne / p
        comptes = comptes[comptes <= essais]
        logs = xlogy(comptes, p) + xlog1py(essais - comptes, -p)
        logs -= gammaln(comptes + 1) + gammaln(essais - comptes + 1)
    masses: Reels = np.exp(logs - logs.max())
    utiles = np.flatnonzero(masses > NEGLIGEABLE)
    return int(utiles[0]), masses[utiles[0] : utiles[-1] + 1] / masses.sum()


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
