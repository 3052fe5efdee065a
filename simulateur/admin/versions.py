"""L'admin, à deux : formulaires, lignes, listes éditables, suppressions portent la version montrée."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from simulateur.cache import versions
from simulateur.cache.versions import VersionDepassee
from simulateur.pages.versions import CHAMP, SUPPRESSION, FormulaireVersionne


class _ChampsVersionnes:
    """Ajoute le champ caché à ce qui est affiché, pour qui peut changer la ligne."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        ensembles: list[Any] = [*super().get_fieldsets(request, obj)]  # type: ignore[misc]
        montres = flatten_fieldsets(ensembles)
        if CHAMP not in montres and self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            nom, options = ensembles[0]
            ensembles[0] = (nom, {**options, "fields": [*options["fields"], CHAMP]})
        return ensembles


class LignesVersionnees(forms.BaseInlineFormSet):
    """Une ligne à supprimer est vérifiée comme une ligne à changer."""

    def clean(self) -> None:
        super().clean()
        refuser_les_suppressions(self)


def refuser_les_suppressions(lignes: Any) -> None:
    """Django ne juge pas les lignes cochées « Supprimer » : leurs fautes de version, si."""
    for formulaire in lignes.deleted_forms if lignes.can_delete else ():
        if SUPPRESSION in formulaire.non_field_errors():
            raise ValidationError(f"« {formulaire.instance} » : {SUPPRESSION}")


class InlineVersionne(_ChampsVersionnes, admin.TabularInline):
    form = FormulaireVersionne
    formset = LignesVersionnees


class _CleEtVersion(forms.HiddenInput):
    """La clé cachée d'une ligne de liste éditable, et sa version : Django n'écrit que la clé."""

    def __init__(self, voisin: Any) -> None:
        super().__init__()
        self.voisin = voisin

    def render(self, *args: Any, **options: Any) -> Any:
        return super().render(*args, **options) + self.voisin.as_widget()


class ListeVersionnee(forms.BaseModelFormSet):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        modele: Any = self.model
        form.fields[modele._meta.pk.name].widget = _CleEtVersion(form[CHAMP])


class AdminVersionne(_ChampsVersionnes, admin.ModelAdmin):
    form = FormulaireVersionne
    delete_confirmation_template = "admin/suppression_versionnee.html"
    delete_selected_confirmation_template = "admin/suppressions_versionnees.html"

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **options)
        except VersionDepassee:
            # Une autre écriture est passée entre la vérification et l'UPDATE : relu, le formulaire la montre.
            return super().changeform_view(request, *args, **options)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        try:
            return super().changelist_view(request, extra_context)
        except VersionDepassee as refus:
            messages.error(request, str(refus))
            return HttpResponseRedirect(request.get_full_path())

    def get_changelist_form(self, request: HttpRequest, **options: Any) -> Any:
        return super().get_changelist_form(request, **{"form": FormulaireVersionne, **options})

    def get_changelist_formset(self, request: HttpRequest, **options: Any) -> Any:
        return super().get_changelist_formset(request, **{"formset": ListeVersionnee, **options})

    # --- Supprimer --------------------------------------------------------------------------------------

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        ligne = self.get_object(request, object_id)
        lues = versions.stockees(ligne) if ligne is not None else {}
        version = versions.etiquette(lues)
        request.__dict__["_lues_avant_de_supprimer"] = lues
        envoyee = request.POST.get(CHAMP)
        try:
            if envoyee and envoyee != version:
                raise VersionDepassee(SUPPRESSION)
            return super().delete_view(request, object_id, {**(extra_context or {}), CHAMP: version})
        except VersionDepassee:
            messages.error(request, SUPPRESSION)
            return HttpResponseRedirect(request.get_full_path())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        versions.exiger(obj, request.__dict__["_lues_avant_de_supprimer"])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Sous verrou, et seulement si les lignes choisies sont celles que la confirmation a montrées."""
        envoyee = request.POST.get(CHAMP)
        cles = list(queryset.values_list("pk", flat=True))
        with transaction.atomic():
            lues = queryset.model._base_manager.select_for_update().filter(pk__in=cles)
            if envoyee and envoyee != versions.etiquette_commune(lues):
                raise VersionDepassee
            super().delete_queryset(request, queryset)
