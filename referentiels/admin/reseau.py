"""Admin du réseau : régions, directions, typologies, centres, postes."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.utils.safestring import SafeString

from referentiels.admin.base import AdminReferentiel, DirectionsVues, Lignes, lien_vers_liste
from referentiels.admin.parts import FormulaireParametreCentre, LignesDeParametres
from referentiels.admin.telechargements import TELECHARGEMENTS
from referentiels.imports.taches import remplir_depuis_modele
from referentiels.models import (
    Centre,
    CentrePoste,
    Direction,
    MappingPosteRecommande,
    ParametreCentre,
    Poste,
    Region,
    SynonymePoste,
    Tache,
    TacheModele,
    Typologie,
)
from referentiels.perms import etendue_de, peut_voir_les_couts
from simulateur.travaux.prise import Refus


@admin.register(Region)
class RegionAdmin(AdminReferentiel):
    list_display = ("code", "nom", "nb_directions")
    search_fields = ("code", "nom")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Region]":
        vues = etendue_de(request.user).condition("directions")
        return super().get_queryset(request).annotate(_directions=Count("directions", filter=vues))

    @admin.display(description="directions", ordering="_directions")
    def nb_directions(self, region: Any) -> SafeString:
        return lien_vers_liste(Direction, region._directions, region__id__exact=region.pk)


@admin.register(Direction)
class DirectionAdmin(AdminReferentiel):
    actions = TELECHARGEMENTS
    list_display = ("code", "nom", "region", "est_siege", "centres_ouverts")
    list_filter = ("est_siege", "region")
    search_fields = ("code", "nom")
    autocomplete_fields = ("region",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Direction]":
        vues: QuerySet[Direction] = Direction.objects.pour_liste().visible_par(request.user)
        return vues

    @admin.display(description="centres ouverts", ordering="nb_centres")
    def centres_ouverts(self, direction: Any) -> SafeString:
        return lien_vers_liste(Centre, direction.nb_centres, direction__id__exact=direction.pk)


@admin.register(Typologie)
class TypologieAdmin(AdminReferentiel):
    list_display = ("code", "nom", "nb_centres", "table_modele")
    search_fields = ("code", "nom")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Typologie]":
        vus = etendue_de(request.user).condition("centres__direction_id")
        return (
            super()
            .get_queryset(request)
            .annotate(
                _centres=Count("centres", filter=vus, distinct=True),
                _modeles=Count("taches_modeles", distinct=True),
            )
        )

    @admin.display(description="centres", ordering="_centres")
    def nb_centres(self, typologie: Any) -> SafeString:
        return lien_vers_liste(Centre, typologie._centres, typologie__id__exact=typologie.pk)

    @admin.display(description="table modèle", ordering="_modeles")
    def table_modele(self, typologie: Any) -> SafeString:
        texte = f"{typologie._modeles} tâches"
        return lien_vers_liste(TacheModele, texte, typologie__id__exact=typologie.pk)


class PostesDuCentre(Lignes):
    model = CentrePoste
    readonly_fields = ("taches",)
    fields = ("poste", "effectif_actuel", "aps", "taches")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[CentrePoste]":
        return (
            super()
            .get_queryset(request)
            .select_related("centre", "poste")
            .annotate(_taches=Count("taches"))
            .order_by("poste__nom")
        )

    @admin.display(description="tâches")
    def taches(self, tenu: Any) -> SafeString | str:
        if tenu.pk is None:
            return "—"
        return lien_vers_liste(Tache, tenu._taches, centre_poste__id__exact=tenu.pk)


class ParametresDuCentre(Lignes):
    model = ParametreCentre
    formset = LignesDeParametres

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ParametreCentre]":
        return super().get_queryset(request).select_related("parametre")


@admin.register(Centre)
class CentreAdmin(AdminReferentiel):
    list_display = (
        *("code", "nom", "direction", "typologie", "effectif", "nb_postes", "a_guichet", "actif", "fictif"),
    )
    list_filter = ("actif", "fictif", "typologie", "a_guichet", ("direction", DirectionsVues))
    list_select_related = ("direction", "typologie")
    search_fields = ("code", "nom")
    autocomplete_fields = ("direction", "typologie")
    readonly_fields = ("fictif",)
    inlines = (PostesDuCentre, ParametresDuCentre)
    actions = ("ouvrir", "fermer", "remplir", *TELECHARGEMENTS)
    fieldsets = (
        (None, {"fields": ("code", "nom", "direction", "typologie", "actif", "fictif")}),
        (
            "Calcul",
            {"fields": ("aps", "a_guichet", "coeff_circulation", "coeff_geographie", "trajet_minutes")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Centre]":
        centres: QuerySet[Centre] = super().get_queryset(request)
        return centres.annotate(
            _postes=Count("centre_postes"), _effectif=Sum("centre_postes__effectif_actuel")
        )

    @admin.display(description="effectif", ordering="_effectif")
    def effectif(self, centre: Any) -> Any:
        return centre._effectif

    @admin.display(description="postes", ordering="_postes")
    def nb_postes(self, centre: Any) -> int:
        return int(centre._postes)

    @admin.action(description="Ouvrir les centres choisis")
    def ouvrir(self, request: HttpRequest, centres: "QuerySet[Centre]") -> None:
        self._basculer(request, centres, actif=True)

    @admin.action(description="Fermer les centres choisis (ils ne sont plus simulés)")
    def fermer(self, request: HttpRequest, centres: "QuerySet[Centre]") -> None:
        self._basculer(request, centres, actif=False)

    @admin.action(description="Remplir depuis le modèle de la typologie")
    def remplir(self, request: HttpRequest, centres: "QuerySet[Centre]") -> None:
        """Chaque centre à part : un centre déjà rempli n'empêche pas les autres."""
        for centre in centres.select_related("typologie"):
            try:
                nombre = remplir_depuis_modele(centre)
            except Refus as refus:
                self.message_user(request, str(refus), messages.WARNING)
            else:
                self.message_user(
                    request, f"{centre.code} : {nombre} tâches copiées du modèle.", messages.SUCCESS
                )

    def _basculer(self, request: HttpRequest, centres: "QuerySet[Centre]", *, actif: bool) -> None:
        choisis = centres.count()
        nombre = centres.filter(actif=not actif).update(actif=actif)
        etat = "ouverts" if actif else "fermés"
        self.message_user(
            request, f"{nombre} centres {etat}, {choisis - nombre} l'étaient déjà.", messages.SUCCESS
        )


class SynonymesDuPoste(Lignes):
    model = SynonymePoste


@admin.register(Poste)
class PosteAdmin(AdminReferentiel):
    list_display = (
        *("code", "nom", "type", "salaire_mensuel", "soumis_au_trajet", "coef_shift_2", "coef_shift_3"),
    )
    list_filter = ("type", "soumis_au_trajet")
    search_fields = ("code", "nom", "synonymes__code")
    inlines = (SynonymesDuPoste,)

    def get_list_display(self, request: HttpRequest) -> Any:
        return [nom for nom in super().get_list_display(request) if nom not in self._caches(request)]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        return self._caches(request)

    def _caches(self, request: HttpRequest) -> tuple[str, ...]:
        return () if peut_voir_les_couts(request.user) else ("salaire_mensuel",)


@admin.register(CentrePoste)
class CentrePosteAdmin(AdminReferentiel):
    list_display = ("centre", "poste", "effectif_actuel", "aps")
    list_filter = ("poste__type", "centre__typologie")
    list_select_related = ("centre", "poste")
    search_fields = ("centre__code", "centre__nom", "poste__code", "poste__nom")
    autocomplete_fields = ("centre", "poste")


@admin.register(ParametreCentre)
class ParametreCentreAdmin(AdminReferentiel):
    form = FormulaireParametreCentre
    list_display = ("centre", "parametre", "flux", "valeur")
    list_filter = ("parametre", "flux")
    list_select_related = ("centre", "parametre", "flux")
    search_fields = ("centre__code", "centre__nom")
    autocomplete_fields = ("centre", "parametre", "flux")


@admin.register(MappingPosteRecommande)
class MappingPosteRecommandeAdmin(AdminReferentiel):
    list_display = ("poste_source", "poste_cible", "centre")
    list_select_related = ("poste_source", "poste_cible", "centre")
    list_filter = ("poste_source", "poste_cible")
    search_fields = ("poste_source__nom", "poste_cible__nom", "centre__nom")
    autocomplete_fields = ("poste_source", "poste_cible", "centre")
