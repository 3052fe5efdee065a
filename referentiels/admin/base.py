"""Ce que toutes les pages d'admin du référentiel partagent."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from referentiels.perms import etendue_de, vaut_pour_le_pays, visibles
from simulateur.admin.versions import AdminVersionne, InlineVersionne


class DirectionsVues(admin.RelatedFieldListFilter):
    """Le filtre par direction d'une liste : celles que cette personne voit."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        vues = field.related_model.objects.visible_par(request.user).order_by("nom", "code")
        return [(direction.pk, str(direction)) for direction in vues]


class Borne:
    """Chaque clé étrangère ne propose et n'accepte que ce que voit la personne."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        lignes = options.get("queryset", db_field.related_model._default_manager.all())
        options["queryset"] = visibles(lignes, request.user)
        return super().formfield_for_foreignkey(db_field, request, **options)  # type: ignore[misc]


class AdminReferentiel(Borne, AdminVersionne):
    list_per_page = 50
    # Compter une seconde fois 500 000 tâches à chaque recherche coûte plus que la page.
    show_full_result_count = False
    save_on_top = True

    def get_queryset(self, request: HttpRequest) -> Any:
        return visibles(super().get_queryset(request), request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and self._a_sa_portee(request, "POST")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._a_sa_portee(request, "PUT")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._a_sa_portee(request, "DELETE")

    def _a_sa_portee(self, request: HttpRequest, methode: str) -> bool:
        return etendue_de(request.user).pays or not vaut_pour_le_pays(methode, self.model)


class Lignes(Borne, InlineVersionne):
    """Lignes d'un formulaire. Leurs clés étrangères visent de petites tables, lues une fois par page."""

    extra = 0

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        champ: Any = super().formfield_for_foreignkey(db_field, request, **options)
        # Le parent est posé par le formulaire : lister tous les centres pour l'y trouver ne sert à rien.
        if champ is None or db_field.related_model is self.parent_model:
            return champ
        memoire = request.__dict__.setdefault("_choix_des_lignes", {})
        if db_field not in memoire:
            vide = [("", "---------")] if champ.empty_label is not None else []
            memoire[db_field] = vide + [(objet.pk, str(objet)) for objet in champ.queryset or ()]
        champ.choices = memoire[db_field]
        return champ


def lien_vers_liste(modele: type[Model], texte: str, **filtre: Any) -> SafeString:
    """Lien vers la liste d'admin de `modele`, filtrée."""
    meta = modele._meta
    adresse = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return format_html('<a href="{}?{}">{}</a>', adresse, urlencode(filtre), texte)
