"""La mémoire d'un processus : ses dernières valeurs lues, servies sans aller au cache ni les décoder.

Une clé porte ce dont dépend sa valeur (révision, empreinte) : rien n'y vieillit. La taille borne la mémoire.
Une valeur gardée est partagée entre les fils du processus : qui la reçoit ne la modifie pas.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any, ClassVar, Generic, TypeVar

V = TypeVar("V")


class Memoire(Generic[V]):
    """Au plus `taille` valeurs ; la moins récemment lue s'en va la première."""

    _toutes: ClassVar[list["Memoire[Any]"]] = []

    def __init__(self, taille: int) -> None:
        self._taille = taille
        self._gardees: OrderedDict[Hashable, V] = OrderedDict()
        self._verrou = Lock()
        Memoire._toutes.append(self)

    def lire(self, cle: Hashable) -> V | None:
        with self._verrou:
            if cle not in self._gardees:
                return None
            self._gardees.move_to_end(cle)
            return self._gardees[cle]

    def garder(self, cle: Hashable, valeur: V) -> V:
        with self._verrou:
            self._gardees[cle] = valeur
            self._gardees.move_to_end(cle)
            while len(self._gardees) > self._taille:
                self._gardees.popitem(last=False)
        return valeur

    def oublier(self) -> None:
        with self._verrou:
            self._gardees.clear()

    @classmethod
    def tout_oublier(cls) -> None:
        for memoire in cls._toutes:
            memoire.oublier()
