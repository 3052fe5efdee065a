"""Le fichier de mesures d'un processus, dont la place est réservée avant d'être écrite.

Une carte mémoire sur un dossier plein tue le processus qui l'écrit (SIGBUS). Réserver d'abord change ce
signal en erreur : le processus compte alors pour lui seul, et le service continue.
"""

import logging
import os
from contextlib import suppress
from typing import Any

from prometheus_client.mmap_dict import MmapedDict

journal = logging.getLogger(__name__)
PLACE_OCTETS = 1 << 16  # ce que prometheus-client donne à un fichier neuf


class FichierReserve(MmapedDict):
    """`MmapedDict` dont chaque octet existe sur le disque ; OSError quand la place manque."""

    def __init__(self, chemin: str) -> None:
        neuf = not os.path.exists(chemin) or os.path.getsize(chemin) == 0
        try:
            with open(chemin, "ab") as fichier:
                _reserver(fichier.fileno(), PLACE_OCTETS if neuf else os.path.getsize(chemin))
        except OSError:
            if neuf:  # un fichier vide ne se relit pas
                with suppress(OSError):
                    os.unlink(chemin)
            raise
        super().__init__(chemin)

    def _init_value(self, key: str) -> None:
        # Quatre octets de longueur, la clé complétée, puis deux flottants : la forme de prometheus-client.
        besoin = self._used + 20 + len(key.encode()) + 8
        capacite = self._capacity
        while besoin > capacite:
            capacite *= 2
        if capacite > self._capacity:
            _reserver(self._f.fileno(), capacite)
        super()._init_value(key)


def _reserver(descripteur: int, octets: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descripteur, 0, octets)


class MesuresPartagees:
    """Ce que `prometheus_client.values` attend d'un `MmapedDict` ; sans place, les valeurs restent ici."""

    perdues = False  # ce processus ne partage plus tout ce qu'il compte

    def __init__(self, chemin: str) -> None:
        self._ici: dict[str, tuple[float, float]] = {}
        self._fichier: FichierReserve | None = None
        try:
            self._fichier = FichierReserve(chemin)
        except OSError as erreur:
            _dire(erreur)

    def read_value(self, cle: str) -> tuple[float, float]:
        if self._fichier is not None and cle not in self._ici:
            try:
                lu: tuple[float, float] = self._fichier.read_value(cle)
                return lu
            except OSError as erreur:
                _dire(erreur)
        return self._ici.setdefault(cle, (0.0, 0.0))

    def write_value(self, cle: str, valeur: float, instant: float) -> None:
        if self._fichier is not None and cle not in self._ici:
            try:
                self._fichier.write_value(cle, valeur, instant)
                return
            except OSError as erreur:
                _dire(erreur)
        self._ici[cle] = (valeur, instant)

    def close(self) -> None:
        if self._fichier is not None:
            self._fichier.close()


def _dire(erreur: Any) -> None:
    if not MesuresPartagees.perdues:
        MesuresPartagees.perdues = True
        journal.warning(
            "dossier des mesures plein ou illisible, ce processus ne les partage plus : %s", erreur
        )
