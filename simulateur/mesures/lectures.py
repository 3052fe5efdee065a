"""Les lectures du cache comptées par famille : celles de tous les processus s'ils partagent leurs mesures."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, multiprocess

from simulateur.mesures.fichiers import dossier_des_mesures, dossier_tenu
from simulateur.mesures.metriques import CACHE_LECTURES

TROUVEES = frozenset({"trouve", "attendu", "memoire"})


@dataclass(frozen=True)
class Lectures:
    """`trouvees` : servies par le cache ou la mémoire d'un processus ; `calculees` : il a fallu calculer."""

    trouvees: int = 0
    calculees: int = 0

    @property
    def taux(self) -> float | None:
        """% de lectures trouvées ; None sans lecture."""
        total = self.trouvees + self.calculees
        return round(100 * self.trouvees / total, 2) if total else None

    def __add__(self, autre: "Lectures") -> "Lectures":
        return Lectures(self.trouvees + autre.trouvees, self.calculees + autre.calculees)


def par_famille() -> dict[str, Lectures]:
    """Lectures de chaque famille, par préfixe de clé, depuis que les mesures existent."""
    lues: dict[str, Lectures] = {}
    for echantillon in _echantillons():
        nombre = int(echantillon.value)
        trouvee = echantillon.labels["issue"] in TROUVEES
        neuve = Lectures(trouvees=nombre) if trouvee else Lectures(calculees=nombre)
        famille = echantillon.labels["famille"]
        lues[famille] = lues.get(famille, Lectures()) + neuve
    return lues


def _echantillons() -> Iterator[Any]:
    dossier = dossier_des_mesures()
    if dossier is None:
        familles = list(CACHE_LECTURES.collect())
    else:
        registre = CollectorRegistry()
        multiprocess.MultiProcessCollector(registre)
        with dossier_tenu(dossier, seul=False):
            familles = list(registre.collect())
    for famille in familles:
        for echantillon in famille.samples:
            if echantillon.name == "simulateur_cache_lectures_total":
                yield echantillon
