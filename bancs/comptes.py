"""Le compte au nom duquel les bancs mesurent."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group


def compte_du_banc() -> Any:
    """Tous les droits, par les groupes livrés : un super-utilisateur ne paierait pas ce que chacun paie."""
    compte, _ = get_user_model().objects.get_or_create(username="banc", defaults={"is_staff": True})
    compte.groups.set(Group.objects.all())
    return compte
