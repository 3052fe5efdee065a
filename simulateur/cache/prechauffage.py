"""Après un déploiement et chaque nuit : calculer d'avance ce que les premiers lecteurs attendraient."""

import logging
import time
from collections.abc import Callable

from django.utils.module_loading import import_string

journal = logging.getLogger(__name__)
_GESTES: dict[str, str] = {}


def declarer(nom: str, chemin: str) -> None:
    """`chemin` : la fonction sans argument, importée à l'usage. À appeler dans `AppConfig.ready`."""
    _GESTES[nom] = chemin


def prechauffer(dire: Callable[[str], object] = journal.info) -> dict[str, float]:
    """Chaque geste déclaré ; rend ses secondes. Un geste qui échoue n'empêche pas les autres."""
    durees: dict[str, float] = {}
    for nom, chemin in _GESTES.items():
        debut = time.perf_counter()
        try:
            import_string(chemin)()
        except Exception:
            journal.exception("préchauffage : « %s » a échoué", nom)
            dire(f"{nom} : échec, voir le journal")
            continue
        durees[nom] = round(time.perf_counter() - debut, 3)
        dire(f"{nom} : {durees[nom]:.2f} s")
    return durees
