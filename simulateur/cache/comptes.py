"""Les comptes ont leur portée : une page qui nomme quelqu'un suit son nom et ses droits."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models.signals import m2m_changed, post_delete, post_save

from simulateur.cache.suivi import signaler

COMPTES = "comptes"
SANS_EFFET = frozenset({"last_login"})


def suivre_les_comptes() -> None:
    """Branche le suivi des comptes, groupes et droits ; se connecter n'en change aucun."""
    compte = get_user_model()
    for signal in (post_save, post_delete):
        for modele in (compte, Group, Permission):
            signal.connect(_compte_change, sender=modele, dispatch_uid=f"{__name__}.{modele.__name__}")
    for lien in (compte.groups, compte.user_permissions, Group.permissions):
        m2m_changed.connect(_droits_changes, sender=lien.through, dispatch_uid=f"{__name__}.{lien.through}")


def _compte_change(update_fields: frozenset[str] | None = None, **_: Any) -> None:
    if update_fields is None or not set(update_fields) <= SANS_EFFET:
        signaler([COMPTES])


def _droits_changes(action: str = "", **_: Any) -> None:
    if action.startswith("post_"):
        signaler([COMPTES])
