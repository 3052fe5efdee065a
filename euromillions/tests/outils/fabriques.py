"""Tirages de test : à la pièce, en petite histoire, ou toute l'histoire réelle."""

from datetime import date

import numpy as np

from euromillions.jeu import calendrier
from euromillions.models import Ere, Source, Tirage
from euromillions.models.tirages import BOULES
from euromillions.statistiques import Historique
from euromillions.tests.outils.references import tirages_reels

MARDI = date(2024, 1, 2)


def un_tirage(jour=MARDI, numeros=(3, 12, 24, 37, 50), etoiles=(2, 11), **autres):
    """Un tirage non enregistré."""
    boules = dict(zip(BOULES, (*numeros, *etoiles), strict=True))
    return Tirage(date=jour, **boules, **({"source": Source.GENERIQUE} | autres))


def petite_histoire(nombre=60, graine=7):
    """Enregistre `nombre` tirages réels de l'ère en cours, les premiers du calendrier ; rend leurs dates."""
    hasard = np.random.default_rng(graine)
    jours = [
        j for j in calendrier.jours_de_tirage(Ere.objects.all(), jusqu_au=date(2024, 1, 1)) if j.year >= 2017
    ]
    Tirage.objects.bulk_create(
        un_tirage(
            jour,
            np.sort(hasard.choice(50, 5, replace=False) + 1).tolist(),
            np.sort(hasard.choice(12, 2, replace=False) + 1).tolist(),
        )
        for jour in jours[:nombre]
    )
    return jours[:nombre]


def histoire_reelle() -> int:
    """Enregistre tous les tirages réels ; rend leur nombre."""
    reels = tirages_reels()
    Tirage.objects.bulk_create(un_tirage(reel.jour, reel.numeros, reel.etoiles) for reel in reels)
    return len(reels)


def historique(tirages, reserve=12):
    """Matrice de tirages (numéros, étoiles) datés d'un jour à l'autre."""
    return Historique(
        jours=np.datetime64("2020-01-01") + np.arange(len(tirages)),
        numeros=np.array([numeros for numeros, _ in tirages], dtype=np.int8).reshape(-1, 5),
        etoiles=np.array([etoiles for _, etoiles in tirages], dtype=np.int8).reshape(-1, 2),
        reserves=np.full(len(tirages), reserve, dtype=np.int8),
    )
