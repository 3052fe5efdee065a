"""Admin des grilles : générations suivies et annulables, grilles jugées, règlements ; rien ne s'y saisit."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from euromillions.grilles import relance
from euromillions.models import (
    AncienJugement,
    Backtest,
    Generation,
    Grille,
    MesurePerformance,
    ModeleAppris,
    RapportHebdomadaire,
    Reglement,
)
from euromillions.perms import peut_annuler_la_generation
from euromillions.precision.rapport import produire
from simulateur.admin.etat import LectureSeule
from simulateur.langue.nombres import nombre, pourcent
from simulateur.models import Etat
from simulateur.travaux import machine
from simulateur.web.refus import Refus


class TravailAdmin(LectureSeule):
    """Un travail de fond : voir, relancer, annuler."""

    actions = ("relancer", "annuler")
    date_hierarchy = "cree_le"
    list_select_related = ("demandeur",)
    list_per_page = 50

    @admin.display(description="progression", ordering="progression")
    def vue_progression(self, objet: Any) -> str:
        return pourcent(objet.progression)

    @admin.display(description="page")
    def lien(self, objet: Any) -> str:
        return format_html('<a href="{}">Voir</a>', objet.get_absolute_url())

    @admin.action(description="Relancer les travaux choisis")
    def relancer(self, request: HttpRequest, choisis: "QuerySet[Any]") -> None:
        faits = 0
        for travail in choisis:
            try:
                relance.relancer(travail)
                faits += 1
            except Refus as refus:
                self.message_user(request, f"{travail} : {refus}", messages.WARNING)
        self.message_user(request, f"{faits} travaux remis en file.", messages.SUCCESS)

    @admin.action(description="Annuler les travaux choisis")
    def annuler(self, request: HttpRequest, choisis: "QuerySet[Any]") -> None:
        vivants = [travail for travail in choisis if not travail.est_fini]
        permis = [travail for travail in vivants if peut_annuler_la_generation(request.user, travail)]
        faits = sum(machine.annuler(travail) in (Etat.ANNULEE, Etat.EN_COURS) for travail in permis)
        self.message_user(request, f"{faits} travaux annulés.", messages.SUCCESS)


@admin.register(Generation)
class GenerationAdmin(TravailAdmin):
    list_display = (
        *("__str__", "strategie", "nombre", "cible", "etat", "vue_progression"),
        *("vue_calcul", "demandeur", "cree_le", "lien"),
    )
    list_filter = ("etat", "strategie", "fictive", "cible")
    search_fields = ("=id", "demandeur__username", "=graine")
    search_help_text = "Identifiant complet, graine ou nom du demandeur"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Une génération se supprime avec ses grilles, par un administrateur."""
        return bool(request.user.has_perm("euromillions.delete_generation"))

    @admin.display(description="calcul (ms)", ordering="calcul_ms")
    def vue_calcul(self, objet: Generation) -> str:
        return nombre(objet.calcul_ms, 1)


@admin.register(Grille)
class GrilleAdmin(LectureSeule):
    list_display = ("__str__", "strategie", "cible", "resultat", "rang", "gain", "jugee_le", "demandeur")
    list_filter = ("generation__strategie", "rang", "cible")
    list_select_related = ("generation__demandeur",)
    list_per_page = 100
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Seulement avec sa génération (la cascade de l'admin le demande)."""
        return bool(request.user.has_perm("euromillions.delete_generation"))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    @admin.display(description="stratégie", ordering="generation__strategie")
    def strategie(self, objet: Grille) -> str:
        return str(objet.generation.get_strategie_display())

    @admin.display(description="demandeur")
    def demandeur(self, objet: Grille) -> str:
        return str(objet.generation.demandeur or "—")


@admin.register(AncienJugement)
class AncienJugementAdmin(LectureSeule):
    list_display = (
        "grille",
        "numeros_trouves",
        "etoiles_trouvees",
        "rang",
        "gain",
        "jugee_le",
        "remplace_le",
    )
    list_select_related = ("grille",)
    date_hierarchy = "remplace_le"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("euromillions.delete_generation"))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}


@admin.register(Reglement)
class ReglementAdmin(LectureSeule):
    list_display = ("cible", "boules", "grilles", "corrections", "regle_le")
    date_hierarchy = "cible"


@admin.register(Backtest)
class BacktestAdmin(TravailAdmin):
    list_display = (
        *("__str__", "etat", "vue_progression", "tirages", "vue_calcul"),
        *("graine", "demandeur", "cree_le", "lien"),
    )
    list_filter = ("etat", "fictif")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Backtest]":
        lignes: QuerySet[Backtest] = super().get_queryset(request)
        au_detail = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        return lignes if au_detail else lignes.defer("resultats")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("euromillions.delete_backtest"))

    @admin.display(description="calcul (ms)", ordering="calcul_ms")
    def vue_calcul(self, objet: Backtest) -> str:
        return nombre(objet.calcul_ms, 0)


@admin.register(MesurePerformance)
class MesurePerformanceAdmin(LectureSeule):
    list_display = ("le", "strategie", "nombre", "vue_duree", "reussie", "du_cache")
    list_filter = ("strategie", "reussie", "du_cache")
    date_hierarchy = "le"
    show_full_result_count = False

    @admin.display(description="durée (s)", ordering="duree_s")
    def vue_duree(self, objet: MesurePerformance) -> str:
        return nombre(objet.duree_s, 3)


@admin.register(RapportHebdomadaire)
class RapportHebdomadaireAdmin(LectureSeule):
    list_display = ("__str__", "produit_le", "revision", "lien")
    actions = ("refaire",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[RapportHebdomadaire]":
        lignes: QuerySet[RapportHebdomadaire] = super().get_queryset(request)
        return lignes.defer("contenu") if request.method == "GET" else lignes

    @admin.display(description="page")
    def lien(self, objet: RapportHebdomadaire) -> str:
        return format_html('<a href="{}">Voir</a>', objet.get_absolute_url())

    @admin.action(description="Refaire les rapports choisis")
    def refaire(self, request: HttpRequest, choisis: "QuerySet[RapportHebdomadaire]") -> None:
        for rapport in choisis:
            produire(rapport.lundi)
        self.message_user(request, f"{len(choisis)} rapports refaits.", messages.SUCCESS)


@admin.register(ModeleAppris)
class ModeleApprisAdmin(LectureSeule):
    list_display = ("__str__", "tirages", "logloss", "logloss_constante", "bat", "revision", "fictif")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ModeleAppris]":
        lignes: QuerySet[ModeleAppris] = super().get_queryset(request)
        au_detail = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        return lignes if au_detail else lignes.defer("resultats")

    @admin.display(description="bat la constante", boolean=True)
    def bat(self, objet: ModeleAppris) -> bool:
        return objet.bat_la_constante
