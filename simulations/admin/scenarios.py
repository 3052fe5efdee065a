"""Admin des scénarios et des exports : suivre, valider, copier. Leurs entrées se changent par les pages."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from simulateur.admin.etat import LectureSeule
from simulations import perms
from simulations.models import Export, Partage, Scenario, Simulation
from simulations.scenarios import services


@admin.register(Scenario)
class ScenarioAdmin(LectureSeule):
    list_display = ("nom", "etat", "proprietaire", "original", "annee", "modifie_le", "valide_le")
    exclude = ("parent",)
    readonly_fields = ("original",)
    list_filter = ("etat", ("modifie_le", admin.DateFieldListFilter))
    list_select_related = ("proprietaire", "parent")
    search_fields = ("nom", "description", "proprietaire__username")
    actions = ("simuler", "valider", "dupliquer")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Scenario]":
        lignes: QuerySet[Scenario] = Scenario.objects.pour_liste(request.user)
        return lignes

    @admin.display(description="copié de", ordering="parent")
    def original(self, scenario: Any) -> str:
        return str(scenario.parent) if scenario.parent_vu else "—"

    @admin.action(description="Simuler sur tout le réseau")
    def simuler(self, request: HttpRequest, scenarios: "QuerySet[Scenario]") -> None:
        partout = perms.peut_consulter_le_pays(request.user)
        permis = [s for s in scenarios if partout and perms.peut_simuler_scenario(request.user, s)]
        for scenario in permis:
            services.simuler(scenario, niveau=Simulation.Niveau.NATIONAL, demandeur=request.user)
        self.message_user(request, f"{len(permis)} simulation(s) en file.", messages.SUCCESS)

    @admin.action(description="Valider : ils ne changeront plus")
    def valider(self, request: HttpRequest, scenarios: "QuerySet[Scenario]") -> None:
        permis = [s for s in scenarios if perms.peut_changer_scenario(request.user, s)]
        nombre = sum(services.valider(scenario, par=request.user) for scenario in permis)
        self.message_user(request, f"{nombre} scénario(s) validé(s).", messages.SUCCESS)

    @admin.action(description="Dupliquer")
    def dupliquer(self, request: HttpRequest, scenarios: "QuerySet[Scenario]") -> None:
        permis = [s for s in scenarios if perms.peut_dupliquer_scenario(request.user, s)]
        for scenario in permis:
            services.dupliquer(scenario, proprietaire=request.user)
        self.message_user(request, f"{len(permis)} copie(s) créée(s).", messages.SUCCESS)


@admin.register(Partage)
class PartageAdmin(LectureSeule):
    list_display = ("simulation", "compte", "groupe", "par", "cree_le")
    list_select_related = ("simulation", "compte", "groupe", "par")
    search_fields = ("simulation__libelle", "compte__username", "groupe__name")
    fields = list_display

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Partage]":
        lignes: QuerySet[Partage] = perms.lignes_visibles(super().get_queryset(request), request.user)
        return lignes

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("simulations.delete_partage")


@admin.register(Export)
class ExportAdmin(LectureSeule):
    list_display = ("nom_fichier", "libelle", "etat", "progression", "octets", "demandeur", "cree_le")
    list_filter = ("etat", "format", ("cree_le", admin.DateFieldListFilter))
    list_select_related = ("demandeur",)
    search_fields = ("nom_fichier", "libelle", "demandeur__username")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Export]":
        lignes: QuerySet[Export] = perms.lignes_visibles(super().get_queryset(request), request.user)
        return lignes
