"""Tirages de démonstration : fictifs, reproductibles, jamais mêlés à de vrais tirages."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from django.db import transaction

from euromillions.jeu import calendrier
from euromillions.jeu.eres import ETOILES_TIREES, NUMEROS_TIRES
from euromillions.models import Ere, Source, Tirage

GRAINE = 20040213
LOT = 500


class TiragesReelsPresents(Exception):
    """Refus : des tirages réels sont en base."""


def charger_fictifs(*, jusqu_au: date, graine: int = GRAINE) -> int:
    """Tire un historique fictif sur tous les jours de tirage ; rend le nombre de tirages ajoutés.

    Sans effet (0) si des tirages fictifs sont déjà là. Lève TiragesReelsPresents s'il y en a de vrais.
    """
    with transaction.atomic():
        if Tirage.objects.reels().exists():
            raise TiragesReelsPresents
        if Tirage.objects.fictifs().exists():
            return 0
        eres = list(Ere.objects.dans_l_ordre())
        tirages = list(_tirer(eres, jusqu_au, graine))
        Tirage.objects.bulk_create(tirages, batch_size=LOT)
    return len(tirages)


def supprimer_fictifs() -> int:
    """Retire tous les tirages fictifs, dans la transaction courante ; rend leur nombre."""
    fictifs = Tirage.objects.fictifs()
    nombre = fictifs.count()
    if nombre:
        fictifs.delete()
    return nombre


def _tirer(eres: Sequence[Ere], jusqu_au: date, graine: int) -> Iterator[Tirage]:
    hasard = np.random.default_rng(graine)
    for jour in calendrier.jours_de_tirage(eres, jusqu_au=jusqu_au):
        ere = next(ere for ere in eres if ere.contient(jour))
        numeros = np.sort(hasard.choice(ere.numeros_max, NUMEROS_TIRES, replace=False) + 1).tolist()
        etoiles = np.sort(hasard.choice(ere.etoiles_max, ETOILES_TIREES, replace=False) + 1).tolist()
        boules = dict(zip(("n1", "n2", "n3", "n4", "n5", "e1", "e2"), numeros + etoiles, strict=True))
        yield Tirage(date=jour, **boules, source=Source.DEMO, fictif=True)
