"""Le terrain où se jugent des grilles : l'histoire avec ses rangs de gain, ses prix et ses gains publiés.

Un prix ou un gain inconnu vaut NaN : ni mise ni retour ne se comptent alors pour ce tirage.
"""

from __future__ import annotations

import numpy as np

from euromillions.generation import Passe
from euromillions.generation.marche_avant import Terrain
from euromillions.models import Ere, GainRang, PrixGrille
from euromillions.statistiques import Historique

RANGS_MAX = 20  # plus grand rang admis par la base


def lire_le_terrain(historique: Historique) -> Terrain:
    """L'histoire avec ses rangs de gain, ses prix et ses gains publiés."""
    jours = historique.jours.astype(object).tolist()
    places = {jour: place for place, jour in enumerate(jours)}
    gains = np.full((len(jours), RANGS_MAX + 1), np.nan)
    for jour, rang, gain in GainRang.objects.order_by().values_list("tirage__date", "rang", "gain"):
        if jour in places:
            gains[places[jour], rang] = float(gain)
    rangs = np.zeros((len(jours), 6, 3), dtype=np.int64)
    for ere in Ere.objects.prefetch_related("rangs"):
        siens = [place for jour, place in places.items() if ere.contient(jour)]
        for rang in ere.rangs.all():
            rangs[siens, rang.numeros, rang.etoiles] = rang.numero
    bareme = PrixGrille.objects.bareme()
    return Terrain(
        passe=Passe(historique.numeros, historique.etoiles, historique.etoiles_max),
        reserves=historique.reserves.astype(np.int64),
        prix=np.array([bareme.du_jour(jour) for jour in jours], dtype=np.float64),
        rangs=rangs,
        gains=gains,
    )
