"""Admin du jeu : tirages (boules dessinées, recherche par date ou par boules), ères et historique."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from euromillions.admin.forms import FormulaireGain, FormulaireTirage
from euromillions.jeu.regles import nom_du_jour
from euromillions.lectures import histoire, reperes
from euromillions.lectures.forms import FORMATS_DATE
from euromillions.models import Ere, GainRang, HistoriqueTirage, PrixGrille, Rang, Tirage
from euromillions.models.tirages import TirageQuerySet
from euromillions.perms import peut_gerer_les_tirages
from euromillions.tirages import saisie
from simulateur.langue.revisions import revision_en_texte


def boules_dessinees(objet: Tirage | HistoriqueTirage) -> SafeString:
    """Numéros en ronds, étoiles en étoiles (styles dans `euromillions/admin.css`)."""
    numeros = format_html_join("", '<span class="em-boule">{}</span>', ((n,) for n in objet.numeros))
    etoiles = format_html_join(
        "", '<span class="em-boule em-etoile" title="étoile">★{}</span>', ((e,) for e in objet.etoiles)
    )
    return format_html('<span class="em-boules">{}{}</span>', numeros, etoiles)


class FiltreAnnee(admin.SimpleListFilter):
    title = "année"
    parameter_name = "annee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        annees = reperes.annees(histoire.revision())
        return [(str(a["year"]), f"{a['year']} ({a['draws']})") for a in annees]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Tirage]) -> QuerySet[Tirage]:
        annee = self.value()
        if not annee or not annee.isdigit() or not 1 <= int(annee) <= 9999:
            return queryset
        return queryset.filter(date__gte=date(int(annee), 1, 1), date__lte=date(int(annee), 12, 31))


class GainsEnLigne(admin.TabularInline):
    model = GainRang
    form = FormulaireGain
    extra = 0


@admin.register(Tirage)
class TirageAdmin(admin.ModelAdmin):
    form = FormulaireTirage
    list_display = ("date", "jour_nomme", "boules", "ere", "source", "nature")
    list_filter = (FiltreAnnee, "jour", "source", "fictif")
    list_select_related = ("ere",)
    list_per_page = 50
    search_fields = ("date",)
    search_help_text = (
        "Une date (21/08/2026, 08/2026, 2026) ou des boules (« 7 14 23 » ; « *9 » pour l'étoile 9)."
    )
    inlines = (GainsEnLigne,)
    readonly_fields = ("source", "jour_nomme", "fictif")
    fieldsets = (
        (None, {"fields": ("date", ("n1", "n2", "n3", "n4", "n5"), ("e1", "e2"))}),
        ("Ordre de sortie (facultatif)", {"fields": ("ordre_numeros", "ordre_etoiles")}),
        ("Origine", {"fields": ("source", "fictif")}),
    )

    class Media:
        css = {"all": ("euromillions/admin.css",)}

    @admin.display(description="jour", ordering="jour")
    def jour_nomme(self, tirage: Tirage) -> str:
        return nom_du_jour(tirage.jour)

    @admin.display(description="données", ordering="fictif")
    def nature(self, tirage: Tirage) -> str:
        return "fictives" if tirage.fictif else "réelles"

    @admin.display(description="boules")
    def boules(self, tirage: Tirage) -> SafeString:
        return boules_dessinees(tirage)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        sous_titre = {"subtitle": f"révision des données : {revision_en_texte(histoire.revision())}"}
        return super().changelist_view(request, sous_titre | (extra_context or {}))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Tirage], search_term: str
    ) -> tuple[QuerySet[Tirage], bool]:
        if not search_term.strip():
            return queryset, False
        return chercher(queryset, search_term), False  # type: ignore[arg-type]

    def save_model(self, request: HttpRequest, obj: Tirage, form: Any, change: bool) -> None:
        if obj.fictif:
            raise PermissionDenied("Un tirage fictif ne se corrige pas : il disparaît avec le premier vrai.")
        motif = "correction dans l'admin" if change else "saisie dans l'admin"
        retires = saisie.enregistrer(obj, auteur=request.user, motif=motif)
        if retires:
            messages.info(request, f"{retires} tirages fictifs de démonstration ont été retirés.")

    def delete_model(self, request: HttpRequest, obj: Tirage) -> None:
        saisie.supprimer(obj, auteur=request.user)

    def has_change_permission(self, request: HttpRequest, obj: Tirage | None = None) -> bool:
        if obj is not None and obj.fictif:
            return False
        return peut_gerer_les_tirages(request.user) and super().has_change_permission(request, obj)


def chercher(tirages: TirageQuerySet, texte: str) -> TirageQuerySet:
    """Tirages d'une date, d'un mois, d'une année, ou contenant toutes ces boules ; aucun si illisible."""
    texte = texte.strip()
    jour = _lire_une_date(texte)
    if jour is not None:
        return tirages.filter(date=jour)
    for motif, filtre in _PERIODES:
        trouve = motif.fullmatch(texte)
        if trouve:
            return tirages.filter(**filtre(trouve))
    morceaux = re.split(r"[\s,;+-]+", texte)
    if not all(re.fullmatch(r"\*?\d{1,2}", morceau) for morceau in morceaux):
        return tirages.none()
    return tirages.contenant(
        numeros=[int(m) for m in morceaux if not m.startswith("*")],
        etoiles=[int(m[1:]) for m in morceaux if m.startswith("*")],
    )


def _lire_une_date(texte: str) -> date | None:
    for format_date in FORMATS_DATE:
        try:
            return datetime.strptime(texte, format_date).date()
        except ValueError:
            continue
    return None


_PERIODES: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], dict[str, int]]]] = (
    (re.compile(r"(\d{4})"), lambda m: {"date__year": int(m[1])}),
    (re.compile(r"(\d{1,2})/(\d{4})"), lambda m: {"date__year": int(m[2]), "date__month": int(m[1])}),
    (re.compile(r"(\d{4})-(\d{1,2})"), lambda m: {"date__year": int(m[1]), "date__month": int(m[2])}),
)


class RangsEnLigne(admin.TabularInline):
    model = Rang
    extra = 0


@admin.register(Ere)
class EreAdmin(admin.ModelAdmin):
    list_display = ("nom", "debut", "fin", "etoiles_max", "jours_nommes")
    inlines = (RangsEnLigne,)

    @admin.display(description="jours de tirage")
    def jours_nommes(self, ere: Ere) -> str:
        return ", ".join(ere.noms_des_jours)


@admin.register(PrixGrille)
class PrixGrilleAdmin(admin.ModelAdmin):
    list_display = ("debut", "montant", "source")


@admin.register(HistoriqueTirage)
class HistoriqueTirageAdmin(admin.ModelAdmin):
    """Lecture seule : une trace ne se réécrit pas."""

    list_display = ("date", "boules", "motif", "auteur", "le")
    list_filter = ("source",)
    list_select_related = ("auteur",)
    date_hierarchy = "le"

    class Media:
        css = {"all": ("euromillions/admin.css",)}

    @admin.display(description="anciennes boules")
    def boules(self, trace: HistoriqueTirage) -> SafeString:
        return boules_dessinees(trace)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: HistoriqueTirage | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: HistoriqueTirage | None = None) -> bool:
        return False
