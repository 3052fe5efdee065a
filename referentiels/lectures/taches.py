"""Toutes les tâches vues du réseau, page par page (docs/metier/effectifs.md#lectures)."""

from typing import Any

import numpy as np
from django.db.models import Count
from numpy.typing import NDArray

from referentiels.lectures.referentiel import Ligne, en_lignes, lignes_taches
from referentiels.models import Tache
from referentiels.perms import PAYS, Etendue
from referentiels.suivi import portees
from simulateur.cache import revisions
from simulateur.cache.donnees import Famille, lire_ou_calculer

TACHES = Famille("ref:taches", duree_s=4 * 3600, alias="calcul")  # des tableaux, pas du JSON


class TachesDuReseau:
    """Les tâches vues, dans leur ordre, à paginer : la millième page se lit comme la première.

    Le nombre de tâches de chaque poste, en cache, dit où chercher : la base n'en saute jamais plus qu'un
    poste n'en a.
    """

    def __init__(self, etendue: Etendue = PAYS) -> None:
        self._taches = Tache.objects.dans(etendue)
        nom = f"rangs:{etendue.cle}" if etendue.cle else "rangs"
        self._tenus, self._cumul = lire_ou_calculer(
            TACHES, nom, revisions.lire_une(portees.NATIONAL), lambda: _rangs(self._taches)
        ).valeur

    def count(self) -> int:
        return int(self._cumul[-1]) if len(self._cumul) else 0

    def __getitem__(self, tranche: slice) -> list[Ligne]:
        debut, fin = tranche.start or 0, min(tranche.stop, self.count())
        if debut >= fin:
            return []
        premier = int(np.searchsorted(self._cumul, debut, side="right"))
        dernier = int(np.searchsorted(self._cumul, fin, side="left"))
        avant = int(self._cumul[premier - 1]) if premier else 0
        du, au = int(self._tenus[premier]), int(self._tenus[dernier])
        taches = lignes_taches(self._taches.filter(centre_poste_id__gte=du, centre_poste_id__lte=au))
        return en_lignes(taches[debut - avant : fin - avant])


def _rangs(taches: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Clés des postes tenus, croissantes, et nombre de tâches jusqu'à chacun compris."""
    comptes = taches.order_by("centre_poste_id").values_list("centre_poste_id").annotate(Count("pk"))
    tableau = np.array(list(comptes), dtype=np.int64).reshape(-1, 2)
    return tableau[:, 0].copy(), np.cumsum(tableau[:, 1])
