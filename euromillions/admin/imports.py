"""Imports et conflits dans l'admin : consulter, ouvrir l'aperçu, trancher."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from euromillions.imports.conflits import ConflitRefuse, trancher
from euromillions.models import ConflitTirage, EtatImport, ImportTirages, Resolution
from euromillions.perms import peut_gerer_les_tirages


class LectureSeule(admin.ModelAdmin):
    """Rien ne s'ajoute ni ne se modifie à la main : ces lignes sont des traces."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return peut_gerer_les_tirages(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return peut_gerer_les_tirages(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ImportTirages)
class ImportTiragesAdmin(LectureSeule):
    list_display = (
        "nom_fichier",
        "format",
        "etat",
        "ajoutes",
        "identiques",
        "conflits",
        "invalides",
        "fictifs_supprimes",
        "auteur",
        "cree_le",
        "compte_rendu",
    )
    list_filter = ("etat", "format")
    search_fields = ("nom_fichier", "sha256")
    list_select_related = ("auteur",)
    date_hierarchy = "cree_le"
    exclude = ("contenu",)
    change_list_template = "admin/euromillions/importtirages/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportTirages]:
        return super().get_queryset(request).defer("contenu")

    @admin.display(description="compte rendu")
    def compte_rendu(self, ligne: ImportTirages) -> str:
        libelle = "Relire et confirmer" if ligne.etat == EtatImport.APERCU else "Lire"
        return format_html(
            '<a href="{}">{}</a>', reverse("euromillions-imports:detail", args=[ligne.pk]), libelle
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        contexte = {**(extra_context or {}), "telechargement_regle": bool(settings.TIRAGES_ARCHIVE_URL)}
        return super().changelist_view(request, contexte)


@admin.register(ConflitTirage)
class ConflitTirageAdmin(LectureSeule):
    list_display = ("date", "en_place", "propose", "import_tirages", "ligne", "resolution", "resolu_par")
    list_filter = ("resolution",)
    search_fields = ("import_tirages__nom_fichier",)
    list_select_related = ("tirage", "import_tirages", "resolu_par")
    actions = ("garder", "remplacer")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConflitTirage]:
        return super().get_queryset(request).defer("import_tirages__contenu", "import_tirages__rapport")

    @admin.display(description="tirage du", ordering="tirage__date")
    def date(self, conflit: ConflitTirage) -> str:
        return f"{conflit.tirage.date:%d/%m/%Y}"

    @admin.display(description="en place")
    def en_place(self, conflit: ConflitTirage) -> str:
        return _boules(conflit.tirage)

    @admin.display(description="proposé par le fichier")
    def propose(self, conflit: ConflitTirage) -> str:
        return _boules(conflit)

    @admin.action(description="Garder le tirage en place")
    def garder(self, request: HttpRequest, choisis: QuerySet[ConflitTirage]) -> None:
        self._trancher(request, choisis, Resolution.GARDER)

    @admin.action(
        description="Remplacer par les boules du fichier (l'ancienne valeur reste dans l'historique)"
    )
    def remplacer(self, request: HttpRequest, choisis: QuerySet[ConflitTirage]) -> None:
        self._trancher(request, choisis, Resolution.REMPLACER)

    def _trancher(self, request: HttpRequest, choisis: QuerySet[ConflitTirage], decision: Resolution) -> None:
        for conflit in choisis:
            try:
                messages.success(request, trancher(conflit, decision=decision, auteur=request.user))
            except ConflitRefuse as refus:
                messages.error(request, f"{conflit} : {refus}")


def _boules(porteur: Any) -> str:
    return f"{' '.join(map(str, porteur.numeros))} + {' '.join(map(str, porteur.etoiles))}"
