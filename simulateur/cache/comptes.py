"""Les comptes ont leur portée : une page qui nomme quelqu'un suit son nom et ses droits."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models.signals import post_delete, post_save

from simulateur.cache.suivi import signaler

COMPTES = "comptes"
SANS_EFFET = frozenset({"last_login"})


def suivre_les_comptes() -> None:
    """Branche le suivi des comptes ; se connecter n'en change aucun."""
    for signal in (post_save, post_delete):
        signal.connect(_compte_change, sender=get_user_model(), dispatch_uid="simulateur.cache.comptes")


def _compte_change(update_fields: frozenset[str] | None = None, **_: Any) -> None:
    if update_fields is None or not set(update_fields) <= SANS_EFFET:
        signaler([COMPTES])
