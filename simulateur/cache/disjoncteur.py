"""Le disjoncteur du cache : un cache pendu se paie une fois de temps en temps, pas à chaque appel."""

import logging
import time

journal = logging.getLogger(__name__)
DISJONCTION_S = 5.0


class Disjoncteur:
    """Ouvert après un appel en échec ou pendu : le cache est ignoré pendant DISJONCTION_S."""

    def __init__(self) -> None:
        self._ouvert_jusqua: dict[str, float] = {}

    def ouvert(self, alias: str) -> bool:
        return time.monotonic() < self._ouvert_jusqua.get(alias, 0.0)

    def declencher(self, alias: str, raison: object = "en panne") -> None:
        if not self.ouvert(alias):
            journal.warning("cache « %s » ignoré pendant %s s : %s", alias, DISJONCTION_S, raison)
        self._ouvert_jusqua[alias] = time.monotonic() + DISJONCTION_S

    def refermer(self) -> None:
        self._ouvert_jusqua.clear()


disjoncteur = Disjoncteur()
