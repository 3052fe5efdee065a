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


def declarer(etiquette: str, travailleur: str | Travailleur) -> None:
    """`etiquette` : « simulations.Simulation » ; `travailleur` : la fonction, ou son chemin pointé.

    Elle reçoit `(travail, prise)` et appelle `prise.terminer`, ou lève `Refus` si les données l'interdisent.
    Un chemin n'est importé qu'au premier travail : un processus qui n'en fait pas n'en paie pas le poids.
    """
    _SORTES[etiquette] = travailleur


def declarees() -> tuple[str, ...]:
    return tuple(_SORTES)


def travailleur(etiquette: str) -> Travailleur:
    """La fonction de cette sorte ; LookupError si aucune n'est déclarée."""
    if etiquette not in _SORTES:
        raise LookupError(f"aucune fonction n'est déclarée pour les travaux {etiquette}")
    declare = _SORTES[etiquette]
    return import_string(declare) if isinstance(declare, str) else declare
