"""Les comptes dans l'admin : fermer d'un geste toutes les sessions de quelqu'un."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from simulateur.cache import fermetures

admin.site.unregister(get_user_model())


@admin.register(get_user_model())
class CompteAdmin(UserAdmin):
    actions = ("fermer_les_sessions", "fermer_et_revoquer")

    @admin.action(description="Fermer toutes leurs sessions", permissions=["change"])
    def fermer_les_sessions(self, request: HttpRequest, comptes: Any) -> None:
        self._fermer(request, comptes, jetons=False)

    @admin.action(description="Fermer toutes leurs sessions et révoquer leurs jetons", permissions=["change"])
    def fermer_et_revoquer(self, request: HttpRequest, comptes: Any) -> None:
        self._fermer(request, comptes, jetons=True)

    def _fermer(self, request: HttpRequest, comptes: Any, *, jetons: bool) -> None:
        noms = [compte.get_username() for compte in comptes]
        for compte in comptes:
            fermetures.tout_fermer(compte, jetons=jetons)
        messages.success(request, f"Sessions fermées : {', '.join(noms)}.")
