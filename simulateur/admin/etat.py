"""L'admin de Django, tel quel, sous le nom du projet ; l'état du noyau y est en lecture seule."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from simulateur.models import Canari, Echantillon, Ouvrier, Revision

admin.site.site_header = "Simulateur : administration"
admin.site.site_title = "Simulateur"
admin.site.index_title = "Données, travaux et comptes"


class LectureSeule(admin.ModelAdmin):
    """Ce que le logiciel écrit seul : qui a la permission de le voir ne le saisit ni ne le supprime."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Ouvrier)
class OuvrierAdmin(LectureSeule):
    list_display = ("nom", "demarre_le", "vu_le", "reussis", "echoues", "memoire_octets")
    ordering = ("-vu_le",)


@admin.register(Canari)
class CanariAdmin(LectureSeule):
    list_display = ("nom", "emis_le", "repondu_le")


@admin.register(Revision)
class RevisionAdmin(LectureSeule):
    list_display = ("portee", "numero", "modifie_le")
    search_fields = ("portee",)
    ordering = ("-numero",)


@admin.register(Echantillon)
class EchantillonAdmin(LectureSeule):
    list_display = ("minute", "canari", "pret")
    list_filter = ("canari", "pret")
