"""Donner un jeton d'API à un compte de test."""

from itertools import count
from typing import Any

from simulateur.models import Jeton

_RANGS = count(1)


def secret_pour(compte: Any, *, portee: str = "ecriture", duree_jours: int | None = None) -> str:
    """Le secret d'un jeton neuf de ce compte."""
    nom = f"essai {next(_RANGS)}"
    return str(Jeton.objects.emettre(compte, nom=nom, portee=portee, duree_jours=duree_jours)[1])
