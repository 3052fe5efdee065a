"""Admin des règles : nomenclatures, cellules, produits, unités, phases, paramètres."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest

from referentiels.admin.base import AdminReferentiel, Lignes
from referentiels.admin.parts import FormulaireParametre, LignesDeTermes
from referentiels.models import (
    CelluleVolume,
    DiviseurUnite,
    FacteurBase,
    Flux,
    Parametre,
    Phase,
    Produit,
    ProduitCellule,
    Reglage,
    RepartitionVolume,
    Segment,
    Sens,
    Synonyme,
    SynonymePoste,
    SynonymeProduit,
    TermePhase,
    UniteMesure,
)


class Synonymes(Lignes):
    """Ceux d'une ligne : le lien vers elle se devine."""

    model = Synonyme
    fields = ("code",)


@admin.register(Flux, Sens, Segment)
class NomenclatureAdmin(AdminReferentiel):
    list_display = ("code", "nom")
    search_fields = ("code", "nom", "synonymes__code")
    inlines = (Synonymes,)


class RepartitionsDeLaCellule(Lignes):
    model = RepartitionVolume
    fk_name = "source"

    def get_queryset(self, request: HttpRequest) -> "QuerySet[RepartitionVolume]":
        return super().get_queryset(request).select_related("source", "cible")


@admin.register(CelluleVolume)
class CelluleVolumeAdmin(AdminReferentiel):
    list_display = ("code", "flux", "sens", "segment", "rang", "ordre")
    list_filter = ("rang", "flux", "sens", "segment")
    list_select_related = ("flux", "sens", "segment")
    search_fields = ("code",)
    autocomplete_fields = ("flux", "sens", "segment")
    inlines = (RepartitionsDeLaCellule,)


@admin.register(RepartitionVolume)
class RepartitionVolumeAdmin(AdminReferentiel):
    list_display = ("source", "cible", "parametre", "complement")
    list_filter = ("source__flux", "parametre")
    list_select_related = ("source", "cible")
    search_fields = ("source__code", "cible__code")
    autocomplete_fields = ("source", "cible")


class CellulesDuProduit(Lignes):
    model = ProduitCellule

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ProduitCellule]":
        return super().get_queryset(request).select_related("cellule", "produit")


class SynonymesDuProduit(Lignes):
    model = SynonymeProduit


@admin.register(Produit)
class ProduitAdmin(AdminReferentiel):
    list_display = ("code", "nom", "flux", "nb_cellules")
    list_filter = ("flux",)
    list_select_related = ("flux",)
    search_fields = ("code", "nom", "synonymes__code")
    autocomplete_fields = ("flux",)
    inlines = (CellulesDuProduit, SynonymesDuProduit)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Produit]":
        return super().get_queryset(request).annotate(_cellules=Count("lignes_cellules", distinct=True))

    @admin.display(description="cellules", ordering="_cellules")
    def nb_cellules(self, produit: Any) -> int:
        return int(produit._cellules)


@admin.register(Synonyme)
class SynonymeAdmin(AdminReferentiel):
    list_display = ("code", "flux", "sens", "segment", "unite")
    list_select_related = ("flux", "sens", "segment", "unite")
    list_filter = ("flux", "sens", "segment", "unite")
    search_fields = ("code",)
    autocomplete_fields = ("flux", "sens", "segment", "unite")


@admin.register(SynonymeProduit)
class SynonymeProduitAdmin(AdminReferentiel):
    list_display = ("code", "produit")
    list_select_related = ("produit",)
    search_fields = ("code", "produit__code")
    autocomplete_fields = ("produit",)


@admin.register(SynonymePoste)
class SynonymePosteAdmin(AdminReferentiel):
    list_display = ("code", "poste")
    list_select_related = ("poste",)
    search_fields = ("code", "poste__code")
    autocomplete_fields = ("poste",)


class DiviseursDeLUnite(Lignes):
    model = DiviseurUnite

    def get_queryset(self, request: HttpRequest) -> "QuerySet[DiviseurUnite]":
        return super().get_queryset(request).select_related("unite")


@admin.register(UniteMesure)
class UniteMesureAdmin(AdminReferentiel):
    list_display = ("code", "nom", "mode", "diviseurs_en_clair")
    list_filter = ("mode",)
    search_fields = ("code", "nom", "synonymes__code")
    inlines = (DiviseursDeLUnite, Synonymes)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[UniteMesure]":
        diviseurs = Prefetch("diviseurs", DiviseurUnite.objects.select_related("flux").order_by("pk"))
        return super().get_queryset(request).prefetch_related(diviseurs)

    @admin.display(description="diviseurs")
    def diviseurs_en_clair(self, unite: UniteMesure) -> str:
        return " ; ".join(
            f"{diviseur.flux.code if diviseur.flux else 'tout flux'} ÷ "
            f"{diviseur.parametre or f'{diviseur.constante:g}'}"
            for diviseur in unite.diviseurs.all()
        )


class TermesDeLaPhase(Lignes):
    model = TermePhase
    formset = LignesDeTermes


@admin.register(Phase)
class PhaseAdmin(AdminReferentiel):
    list_display = ("code", "nom", "formule")
    search_fields = ("code", "nom")
    inlines = (TermesDeLaPhase,)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Phase]":
        return super().get_queryset(request).prefetch_related("termes")

    @admin.display(description="facteur")
    def formule(self, phase: Phase) -> str:
        termes = sorted(phase.termes.all(), key=lambda terme: terme.ordre)
        return " × ".join(f"({terme})" for terme in termes) or "1"


@admin.register(FacteurBase)
class FacteurBaseAdmin(AdminReferentiel):
    list_display = ("flux", "unite", "phase", "parametre", "complement")
    list_display_links = ("unite",)
    list_filter = ("flux", "unite")
    list_select_related = ("flux", "unite", "phase")
    autocomplete_fields = ("flux", "unite", "phase")


@admin.register(Parametre)
class ParametreAdmin(AdminReferentiel):
    form = FormulaireParametre
    list_display = ("code", "nom", "defaut", "minimum", "maximum", "unite", "par_flux", "source")
    list_filter = ("par_flux",)
    search_fields = ("code", "nom")


@admin.register(Reglage)
class ReglageAdmin(AdminReferentiel):
    """Les réglages sont livrés : seule leur valeur se change."""

    list_display = ("code", "nom", "valeur", "aide")
    search_fields = ("code", "nom")
    fields = ("code", "nom", "aide", "valeur", "minimum", "maximum")
    readonly_fields = ("code", "nom", "aide", "minimum", "maximum")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
