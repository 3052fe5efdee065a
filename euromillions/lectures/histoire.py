"""L'histoire des tirages telle que la base la connaît : sa révision, puis ses boules en matrice.

La révision se lit avant les données : une clé de cache la porte, une valeur d'avant un changement n'est donc
jamais rendue.
"""

from __future__ import annotations

import numpy as np

from euromillions.lectures.filtre import Filtre
from euromillions.models import Ere, Tirage
from euromillions.models.querysets import PORTEE_TIRAGES
from euromillions.statistiques import Historique
from simulateur.cache import revisions


def revision() -> int:
    """Révision courante des tirages (une requête)."""
    return revisions.lire_une(PORTEE_TIRAGES)


def charger(filtre: Filtre | None = None) -> Historique:
    """La matrice des tirages choisis, dans l'ordre des dates."""
    choisis = (filtre or Filtre()).appliquer(Tirage.objects.all())
    lignes = list(choisis.pour_la_matrice())
    reserves = dict(Ere.objects.values_list("pk", "etoiles_max"))
    boules = np.array([ligne[1:8] for ligne in lignes], dtype=np.int8).reshape(-1, 7)
    return Historique(
        jours=np.array([ligne[0] for ligne in lignes], dtype="datetime64[D]"),
        numeros=boules[:, :5],
        etoiles=boules[:, 5:],
        reserves=np.array([reserves[ligne[8]] for ligne in lignes], dtype=np.int8),
        etoiles_max=max(reserves.values(), default=12),
    )
