"""Ajouter, corriger ou supprimer un tirage à la main (page d'admin ou API)."""

from typing import Any

from django.db import transaction

from euromillions.models import Tirage
from euromillions.tirages.demo import supprimer_fictifs


def enregistrer(tirage: Tirage, *, auteur: Any, motif: str) -> int:
    """Enregistre un tirage réel déjà vérifié ; rend le nombre de tirages fictifs retirés du même coup.

    Un vrai tirage et des tirages de démonstration ne coexistent jamais.
    """
    tirage.auteur_changement = auteur
    tirage.motif_changement = motif
    with transaction.atomic():
        retires = 0 if tirage.fictif else supprimer_fictifs()
        tirage.save()
    return retires


def supprimer(tirage: Tirage, *, auteur: Any) -> None:
    tirage.auteur_changement = auteur
    tirage.delete()
