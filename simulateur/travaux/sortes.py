"""Les sortes de travaux : ce qu'un ouvrier fait d'une ligne de tel modèle.

Chaque application déclare les siennes dans `AppConfig.ready` : le modèle dit ce qui est demandé, la fonction
le fait, et le modèle n'a pas à la connaître.
"""

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string

# (le travail, sa `Prise`) : sans les nommer, car les applications importent ce module avant leurs modèles.
Travailleur = Callable[[Any, Any], None]
_SORTES: dict[str, str | Travailleur] = {}
_LONGUES: dict[str, dict[str, Any]] = {}


def declarer(etiquette: str, travailleur: str | Travailleur, *, longs: dict[str, Any] | None = None) -> None:
    """`etiquette` : « simulations.Simulation » ; `travailleur` : la fonction, ou son chemin pointé.

    Elle reçoit `(travail, prise)` et appelle `prise.terminer`, ou lève `Refus` si les données l'interdisent.
    Un chemin n'est importé qu'au premier travail : un processus qui n'en fait pas n'en paie pas le poids.

    `longs` : les valeurs de champs d'un travail long (`{}` : tous le sont), qui laisse passer les courts.
    """
    _SORTES[etiquette] = travailleur
    if longs is not None:
        _LONGUES[etiquette] = longs


def declarees() -> tuple[str, ...]:
    return tuple(_SORTES)


def longues() -> dict[str, dict[str, Any]]:
    """Les sortes qui ont des travaux longs, et les champs qui les désignent."""
    return dict(_LONGUES)


def est_long(travail: Any) -> bool:
    longs = _LONGUES.get(travail._meta.label)
    return longs is not None and all(getattr(travail, champ) == valeur for champ, valeur in longs.items())


def travailleur(etiquette: str) -> Travailleur:
    """La fonction de cette sorte ; LookupError si aucune n'est déclarée."""
    if etiquette not in _SORTES:
        raise LookupError(f"aucune fonction n'est déclarée pour les travaux {etiquette}")
    declare = _SORTES[etiquette]
    return import_string(declare) if isinstance(declare, str) else declare
