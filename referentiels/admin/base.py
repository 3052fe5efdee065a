"""Ce que toutes les pages d'admin du référentiel partagent."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from simulateur.admin.versions import AdminVersionne, InlineVersionne


class AdminReferentiel(AdminVersionne):
    list_per_page = 50
    # Compter une seconde fois 500 000 tâches à chaque recherche coûte plus que la page.
    show_full_result_count = False
    save_on_top = True


class Lignes(InlineVersionne):
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
