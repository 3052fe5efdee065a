"""Admin des périmètres : qui voit quelles directions. On ne donne et ne retire que ce que l'on voit."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from referentiels.admin.base import AdminReferentiel
from referentiels.models import Perimetre
from referentiels.perms import peut_donner
from simulateur.pages.versions import FormulaireVersionne

TOUT_LE_PAYS = "Une direction est attendue : donner tout le pays demande de l'avoir."


class FormulairePerimetre(FormulaireVersionne):
    compte_qui_donne: Any = None

    def clean(self) -> dict[str, Any]:
        valeurs: dict[str, Any] = super().clean() or {}
        direction = valeurs.get("direction")
        if "direction" not in self.errors and not peut_donner(
            self.compte_qui_donne, direction.pk if direction else None
        ):
            self.add_error("direction", TOUT_LE_PAYS)
        return valeurs


@admin.register(Perimetre)
class PerimetreAdmin(AdminReferentiel):
    form = FormulairePerimetre
    list_display = ("titulaire", "vue_direction")
    list_select_related = ("compte", "groupe", "direction")
    list_filter = ("groupe",)
    search_fields = ("compte__username", "groupe__name", "direction__code", "direction__nom")
    autocomplete_fields = ("compte", "groupe", "direction")
    fields = ("compte", "groupe", "direction")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        classe = super().get_form(request, obj, change, **options)
        return type(classe.__name__, (classe,), {"compte_qui_donne": request.user})

    @admin.display(description="titulaire", ordering="compte__username")
    def titulaire(self, ligne: Perimetre) -> str:
        return f"groupe {ligne.groupe}" if ligne.groupe_id else str(ligne.compte)

    @admin.display(description="voit", ordering="direction__nom")
    def vue_direction(self, ligne: Perimetre) -> str:
        return str(ligne.direction or "Tout le pays")
