"""Les jetons d'API dans l'admin : les voir sans leur secret, en créer pour un logiciel, en révoquer."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from simulateur.models import Jeton
from simulateur.pages.jetons import FormulaireDeJeton


class FormulaireDeJetonPour(FormulaireDeJeton):
    class Meta:
        model = Jeton
        fields = ("user", "nom", "portee")


@admin.register(Jeton)
class JetonAdmin(admin.ModelAdmin):
    form = FormulaireDeJetonPour
    fields = ("user", "nom", "portee", "duree_jours")
    list_display = ("nom", "user", "portee", "created", "expiry", "utilise_le")
    list_filter = ("portee",)
    list_select_related = ("user",)
    search_fields = ("nom", "user__username")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Jeton | None = None) -> Any:
        return self.fields if obj is None else self.list_display

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Qui n'est pas super-utilisateur n'ouvre pas l'API au nom d'un super-utilisateur."""
        if not request.user.is_superuser:
            options["queryset"] = get_user_model()._default_manager.filter(is_superuser=False)
        champ = super().formfield_for_foreignkey(db_field, request, **options)
        if isinstance(champ, forms.ModelChoiceField):
            champ.label = "Compte"
        return champ

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        demande = {nom: form.cleaned_data[nom] for nom in ("nom", "portee", "duree_jours")}
        cree, obj.secret = Jeton.objects.emettre(obj.user, **demande)
        obj.pk = cree.pk

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Le secret dans cette réponse, que l'admin ne laisse pas garder, et nulle part ailleurs."""
        contexte = {**self.admin_site.each_context(request), "title": "Jeton créé", "jeton": obj}
        return render(request, "admin/simulateur/jeton_cree.html", contexte)
