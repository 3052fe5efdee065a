"""Admin de l'activité : tâches, tables modèles, exclusions, volumes, imports reçus."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from referentiels.admin.base import AdminReferentiel
from referentiels.models import Tache, TacheExclue, TacheModele, VolumeAnnuel

DESCRIPTION = ("nom", "famille", "produit", "unite", "phase", "base_calcul", "duree_secondes", "ordre")


@admin.register(Tache)
class TacheAdmin(AdminReferentiel):
    list_display = (
        *("nom", "centre", "poste", "famille", "produit", "unite", "phase", "base_calcul"),
        *("duree_secondes", "actif"),
    )
    list_filter = ("actif", "base_calcul", "unite", "phase", "produit")
    list_select_related = ("centre_poste__centre", "centre_poste__poste", "produit", "unite", "phase")
    search_fields = ("nom", "famille", "centre_poste__centre__code", "centre_poste__centre__nom")
    autocomplete_fields = ("centre_poste", "produit", "unite", "phase")
    fields = ("centre_poste", *DESCRIPTION, "actif")
    actions = ("activer", "desactiver")
    # Le tri par défaut range centre par centre : il suit un index, même à 500 000 lignes.
    ordering = ("centre_poste_id", "ordre", "pk")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Tache]":
        # Le formulaire aussi montre le poste et son centre : une jointure plutôt que trois requêtes.
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(description="centre", ordering="centre_poste__centre__nom")
    def centre(self, tache: Tache) -> str:
        return str(tache.centre_poste.centre)

    @admin.display(description="poste", ordering="centre_poste__poste__nom")
    def poste(self, tache: Tache) -> str:
        return str(tache.centre_poste.poste)

    @admin.action(description="Activer les tâches choisies")
    def activer(self, request: HttpRequest, taches: "QuerySet[Tache]") -> None:
        self._basculer(request, taches, actif=True)

    @admin.action(description="Désactiver les tâches choisies")
    def desactiver(self, request: HttpRequest, taches: "QuerySet[Tache]") -> None:
        self._basculer(request, taches, actif=False)

    def _basculer(self, request: HttpRequest, taches: "QuerySet[Tache]", *, actif: bool) -> None:
        choisies = taches.count()
        nombre = taches.filter(actif=not actif).update(actif=actif)
        etat = "activées" if actif else "désactivées"
        self.message_user(
            request, f"{nombre} tâches {etat}, {choisies - nombre} l'étaient déjà.", messages.SUCCESS
        )


@admin.register(TacheModele)
class TacheModeleAdmin(AdminReferentiel):
    list_display = ("nom", "typologie", "poste", "famille", "produit", "unite", "phase", "duree_secondes")
    list_filter = ("typologie", "poste", "unite", "phase")
    list_select_related = ("typologie", "poste", "produit", "unite", "phase")
    search_fields = ("nom", "famille")
    autocomplete_fields = ("typologie", "poste", "produit", "unite", "phase")
    fields = ("typologie", "poste", *DESCRIPTION)
    ordering = ("typologie__code", "ordre", "pk")


@admin.register(TacheExclue)
class TacheExclueAdmin(AdminReferentiel):
    list_display = ("nom", "typologie", "centre", "famille", "produit", "unite")
    list_filter = ("typologie",)
    list_select_related = ("typologie", "centre", "produit", "unite")
    search_fields = ("nom", "famille", "centre__nom")
    autocomplete_fields = ("typologie", "centre", "produit", "unite")


@admin.register(VolumeAnnuel)
class VolumeAnnuelAdmin(AdminReferentiel):
    list_display = ("centre", "cellule", "annee", "volume")
    list_filter = ("annee", "cellule__flux", "cellule__sens")
    list_select_related = ("centre", "cellule")
    search_fields = ("centre__code", "centre__nom", "cellule__code")
    autocomplete_fields = ("centre", "cellule")
    ordering = ("centre_id", "annee", "cellule__ordre")
