"""Les comptes dans l'admin : fermer leurs sessions ; seul un super-utilisateur en fait un autre."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from simulateur.cache import fermetures

admin.site.unregister(get_user_model())


@admin.register(get_user_model())
class CompteAdmin(UserAdmin):
    """Le droit de changer les comptes n'est pas celui de tout faire.

    Qui n'est pas super-utilisateur ne donne pas ce statut, ni ne touche à un compte qui l'a : ni mot de
    passe, ni groupe, ni suppression.
    """

    actions = ("fermer_les_sessions", "fermer_et_revoquer")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixes = tuple(super().get_readonly_fields(request, obj))
        return fixes if request.user.is_superuser else (*fixes, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _a_sa_portee(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _a_sa_portee(request, obj)

    @admin.action(description="Fermer toutes leurs sessions", permissions=["change"])
    def fermer_les_sessions(self, request: HttpRequest, comptes: QuerySet[Any]) -> None:
        self._fermer(request, comptes, jetons=False)

    @admin.action(description="Fermer toutes leurs sessions et révoquer leurs jetons", permissions=["change"])
    def fermer_et_revoquer(self, request: HttpRequest, comptes: QuerySet[Any]) -> None:
        self._fermer(request, comptes, jetons=True)

    def _fermer(self, request: HttpRequest, comptes: QuerySet[Any], *, jetons: bool) -> None:
        siens = [compte for compte in comptes if _a_sa_portee(request, compte)]
        for compte in siens:
            fermetures.tout_fermer(compte, jetons=jetons)
        if hors := len(comptes) - len(siens):
            messages.warning(request, f"{hors} super-utilisateur(s) laissé(s) : un autre seul y touche.")
        if siens:
            noms = ", ".join(compte.get_username() for compte in siens)
            messages.success(request, f"Sessions fermées : {noms}.")


def _a_sa_portee(request: HttpRequest, compte: Any) -> bool:
    return compte is None or request.user.is_superuser or not compte.is_superuser
