"""Admin des imports : en lecture seule, avec le rapport lisible et un lien vers l'envoi d'un fichier."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from referentiels.imports.defaire import defaire
from referentiels.imports.service import Genre
from referentiels.models import ImportFichier
from referentiels.perms import peut_importer
from simulateur.web.refus import Refus

REJETS_MONTRES = 200


@admin.register(ImportFichier)
class ImportFichierAdmin(admin.ModelAdmin):
    change_list_template = "admin/referentiels/importfichier/change_list.html"
    list_display = ("cree_le", "genre", "nom_fichier", "cible", "par", "a_blanc", "applique", "defait_le")
    actions = ("defaire",)
    list_filter = ("genre", "a_blanc", "applique", "cree_le")
    list_select_related = ("par",)
    search_fields = ("nom_fichier", "cible", "sha256")
    date_hierarchy = "cree_le"
    readonly_fields = (
        "cree_le",
        "genre",
        "nom_fichier",
        "octets",
        "sha256",
        "cible",
        "par",
        "a_blanc",
        "applique",
        "defait_le",
        "defait_par",
        "rapport_lisible",
    )
    fields = readonly_fields

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Avec de quoi télécharger ce que chaque import relirait."""
        return super().changelist_view(request, {**(extra_context or {}), "exports": Genre.choices})

    @admin.display(description="rapport")
    def rapport_lisible(self, trace: ImportFichier) -> SafeString:
        rejets = trace.rapport.get("rejets", [])[:REJETS_MONTRES]
        contexte = {"trace": trace, "rapport": trace.rapport, "rejets": rejets}
        return render_to_string("referentiels/imports/rapport.html", contexte)

    @admin.action(description="Défaire les imports choisis, le plus récent d'abord", permissions=["defaire"])
    def defaire(self, request: HttpRequest, queryset: Any) -> None:
        for trace in queryset.order_by("-pk"):
            try:
                defaire(trace, par=request.user)
            except Refus as refus:
                messages.warning(request, str(refus))
            else:
                messages.success(request, f"Import n° {trace.pk} défait.")

    def has_defaire_permission(self, request: HttpRequest) -> bool:
        return peut_importer(request.user)

    def get_queryset(self, request: HttpRequest) -> Any:
        lignes: Any = super().get_queryset(request)
        # La liste n'affiche aucun rapport, et un rapport pèse jusqu'à un mébioctet.
        return lignes.visible_par(request.user).defer("rapport")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return peut_importer(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return peut_importer(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
