"""La loi exacte, sous le hasard, du total que trouvent des grilles données.

À un tirage, c(v) grilles portent la boule v : le total trouvé est la somme de c sur les boules tirées sans
remise, et sa loi se compte. Celle de plusieurs tirages indépendants est la convolution des leurs. Rien n'est
estimé : l'intervalle et le p se lisent sur les mêmes cumuls, et ne peuvent donc pas se contredire.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from math import comb

import numpy as np

from euromillions.statistiques.historique import Entiers, Reels

SEUIL = 0.05
QUEUE_NEGLIGEE = 1e-13  # par fusion : des milliers n'ôtent pas un milliardième
CASES_PAR_LOT = 1 << 20
CONVOLUTION_DIRECTE = 64  # en deçà, la transformée coûte plus qu'elle ne rend


@dataclass(frozen=True)
class Loi:
    """Probabilités des totaux `depart`, `depart + 1`, …"""

    depart: int
    masses: Reels

    @property
    def _cumuls(self) -> tuple[Reels, Reels]:
        """P(total ≤ x) et P(total ≥ x), pour chaque x."""
        masses = self.masses / self.masses.sum()
        return np.cumsum(masses), np.cumsum(masses[::-1])[::-1]

    def bornes(self) -> tuple[int, int]:
        """Le plus petit et le plus grand total dont la queue, lui compris, vaut au moins 2,5 %."""
        bas, haut = self._cumuls
        presents = [np.flatnonzero(queue >= SEUIL / 2) for queue in (bas, haut)]
        return self.depart + int(presents[0][0]), self.depart + int(presents[1][-1])

    def p(self, total: int) -> float:
        """p bilatéral : deux fois la plus petite des deux queues, au plus 1."""
        place = total - self.depart
        if not 0 <= place < len(self.masses):
            return 0.0
        bas, haut = self._cumuls
        return min(1.0, 2 * float(min(bas[place], haut[place])))


def loi_du_total(comptes: Entiers, reserves: Entiers, tires: int) -> Loi:
    """Loi du total de tous les tirages. `comptes` (D, m) : grilles portant chaque boule, à chaque tirage."""
    lois: list[Loi] = []
    for reserve in np.unique(reserves).tolist():
        siens = comptes[reserves == reserve][:, :reserve]
        lois += _par_tirage(np.pad(siens, ((0, 0), (0, reserve - siens.shape[1]))), tires)
    return _convoluer(lois)


def _par_tirage(comptes: Entiers, tires: int) -> list[Loi]:
    """La loi de chaque tirage, les tirages de même étendue calculés ensemble."""
    planchers = comptes.min(axis=1)
    ecarts = comptes - planchers[:, None]
    etendues = np.sort(ecarts, axis=1)[:, -tires:].sum(axis=1)
    longueurs = np.array([max(2, 1 << int(etendue).bit_length()) for etendue in etendues])
    lois = []
    for longueur in np.unique(longueurs).tolist():
        places = np.flatnonzero(longueurs == longueur)
        pas = max(1, CASES_PAR_LOT // longueur)
        for debut in range(0, len(places), pas):
            lot = places[debut : debut + pas]
            masses = _masses(ecarts[lot], tires, longueur)
            lois += [_rogner(tires * int(planchers[i]), m) for i, m in zip(lot, masses, strict=True)]
    return lois


def _masses(ecarts: Entiers, tires: int, longueur: int) -> Reels:
    """P(somme de `tires` écarts choisis sans remise = s), forme (D, longueur).

    La fonction génératrice de ces choix est un polynôme symétrique élémentaire. En une racine de l'unité, les
    sommes de puissances dont il dépend (identités de Newton) se lisent dans la transformée de l'histogramme.
    """
    dates, reserve = ecarts.shape
    cases = np.arange(dates)[:, None] * longueur + ecarts
    histogrammes = np.bincount(cases.ravel(), minlength=dates * longueur).reshape(dates, longueur)
    transformee = np.fft.fft(histogrammes, axis=1)
    frequences = np.arange(longueur // 2 + 1)
    puissances = [transformee[:, (j * frequences) % longueur] for j in range(1, tires + 1)]
    elementaires = [np.ones_like(puissances[0])]
    for n in range(1, tires + 1):
        termes = ((-1) ** (i - 1) * elementaires[n - i] * puissances[i - 1] for i in range(1, n + 1))
        elementaires.append(sum(termes, np.zeros_like(puissances[0])) / n)
    masses = np.fft.irfft(elementaires[tires], n=longueur, axis=1) / comb(reserve, tires)
    return np.maximum(masses, 0.0)


def _convoluer(lois: list[Loi]) -> Loi:
    """Les deux lois les plus courtes d'abord : une seule grosse génération n'allonge pas les autres."""
    tas = [(len(loi.masses), place, loi) for place, loi in enumerate(lois)]
    heapq.heapify(tas)
    suivante = len(tas)
    while len(tas) > 1:
        une, autre = heapq.heappop(tas)[2], heapq.heappop(tas)[2]
        fusion = _rogner(une.depart + autre.depart, _convolution(une.masses, autre.masses))
        heapq.heappush(tas, (len(fusion.masses), suivante, fusion))
        suivante += 1
    return tas[0][2]


def _convolution(une: Reels, autre: Reels) -> Reels:
    if min(len(une), len(autre)) <= CONVOLUTION_DIRECTE:
        return np.convolve(une, autre)
    taille = len(une) + len(autre) - 1
    longueur = 1 << (taille - 1).bit_length()
    produit = np.fft.irfft(np.fft.rfft(une, longueur) * np.fft.rfft(autre, longueur), longueur)
    return np.maximum(produit[:taille], 0.0)


def _rogner(depart: int, masses: Reels) -> Loi:
    """La loi sans ses queues négligeables."""
    debut = int(np.searchsorted(np.cumsum(masses), QUEUE_NEGLIGEE))
    fin = len(masses) - int(np.searchsorted(np.cumsum(masses[::-1]), QUEUE_NEGLIGEE))
    return Loi(depart + debut, masses[debut:fin])
