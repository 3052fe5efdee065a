"""Admin des scénarios et des exports : suivre, valider, copier. Leurs entrées se changent par les pages."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from simulateur.admin.etat import LectureSeule
from simulations import perms
from simulations.models import Export, Scenario, Simulation
from simulations.scenarios import services


@admin.register(Scenario)
class ScenarioAdmin(LectureSeule):
    list_display = ("nom", "etat", "proprietaire", "parent", "annee", "modifie_le", "valide_le")
    list_filter = ("etat", ("modifie_le", admin.DateFieldListFilter))
    list_select_related = ("proprietaire", "parent")
    search_fields = ("nom", "description", "proprietaire__username")
    actions = ("simuler", "valider", "dupliquer")

    @admin.action(description="Simuler sur tout le réseau")
    def simuler(self, request: HttpRequest, scenarios: "QuerySet[Scenario]") -> None:
        permis = [s for s in scenarios if perms.peut_simuler_scenario(request.user, s)]
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


@admin.register(Export)
class ExportAdmin(LectureSeule):
    list_display = ("nom_fichier", "libelle", "etat", "progression", "octets", "demandeur", "cree_le")
    list_filter = ("etat", "format", ("cree_le", admin.DateFieldListFilter))
    list_select_related = ("demandeur",)
    search_fields = ("nom_fichier", "libelle", "demandeur__username")
