"""Le compte au nom duquel les bancs mesurent."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from referentiels.models import Perimetre


def compte_du_banc() -> Any:
    """Tous les droits et tout le pays, donnés : un super-utilisateur ne paierait pas ce que chacun paie."""
    compte, _ = get_user_model().objects.get_or_create(username="banc", defaults={"is_staff": True})
    compte.groups.set(Group.objects.all())
    Perimetre.objects.get_or_create(compte=compte, direction=None)
    return compte
