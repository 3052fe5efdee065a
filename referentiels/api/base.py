"""Ce que partagent les vues du référentiel : accès, pages tirées du cache, écritures, résumés OpenAPI."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet
from django.http import HttpResponse
from django_filters import FilterSet
from django_filters.utils import translate_validation
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from referentiels.lectures import filters, referentiel
from referentiels.models import Centre, CentrePoste, Direction
from referentiels.perms import GESTES, peut_ecrire, peut_lire, pourquoi_fermes, visibles
from simulateur.api import gardees, versions
from simulateur.api.conventions import Conflit, LignesComptees, Pagination
from simulateur.api.vues import VueApi
from simulateur.cache import revisions
from simulateur.cache.versions import etiquette_de, vue

ETIQUETTE = ["Référentiel"]
SUPPRIMEE = {
    204: OpenApiResponse(description="Supprimé"),
    409: OpenApiResponse(description="D'autres lignes en dépendent"),
}


class AccesReferentiel(BasePermission):
    message = "Modifier le référentiel demande la permission d'écrire ces lignes."

    def has_permission(self, request: Any, view: Any) -> bool:
        self.message = pourquoi_fermes(request.user) or self.message
        lignes = getattr(view, "queryset", None)
        if request.method not in GESTES or lignes is None:  # rien ne s'écrit ainsi : 405
            return peut_lire(request.user)
        return peut_ecrire(request.user, request.method, lignes.model)


class GrandePagination(Pagination):
    """Les tâches d'un poste tiennent dans une page."""

    page_size = 500


class Lecture(VueApi, viewsets.GenericViewSet):
    """Base des vues : liste paginée tirée du cache, ou de la base dès qu'un filtre est donné."""

    permission_classes = (AccesReferentiel,)
    lookup_value_regex = r"[0-9]+"

    def initial(self, request: Request, *args: Any, **options: Any) -> None:
        super().initial(request, *args, **options)
        # Au-delà, aucune ligne ne peut exister et SQLite refuserait le nombre.
        if any(int(cle) > filters.CLE_MAX for cle in self.kwargs.values()):
            raise NotFound

    def page(
        self,
        request: Request,
        *,
        depend_de: Sequence[str],
        en_cache: Callable[[], Any],
        filtre: type[FilterSet] | None = None,
        requete: Callable[[], "QuerySet[Any]"] | None = None,
        detailler: Callable[["QuerySet[Any]"], Any] | None = None,
        pagination: type[Pagination] = Pagination,
    ) -> HttpResponse:
        """Une page de lignes, gardée tant que rien n'est touché dans les portées `depend_de`.

        `en_cache` : toutes les lignes ; `requete` : les mêmes en base, à filtrer ; `detailler` : leurs
        jointures, une fois filtrées et comptées.
        """

        def ecrire() -> Any:
            lignes: Any
            pagineur = pagination()
            if filtre is None or requete is None or not set(request.query_params) & set(filtre.base_filters):
                lignes = pagineur.paginate_queryset(en_cache(), request, view=self)
                return pagineur.get_paginated_response(referentiel.en_lignes(lignes or [])).data
            choix = filtre(request.query_params, queryset=requete(), request=request)
            if not choix.is_valid():
                raise translate_validation(choix.errors)
            trouvees: Any = LignesComptees(detailler(choix.qs), choix.qs.count) if detailler else choix.qs
            lignes = pagineur.paginate_queryset(trouvees, request, view=self)
            if not lignes:
                # Rien trouvé : la lecture en cache dit si le parent existe, et lève 404 sinon.
                en_cache()
            return pagineur.get_paginated_response(referentiel.en_lignes(lignes or [])).data

        return gardees.repondre(request, lambda: revisions.lire(*depend_de).values(), ecrire)


class Ressource(Lecture, viewsets.ModelViewSet):
    # Lecture et écriture d'un modèle ; `lignes` fait d'un queryset les dictionnaires rendus.

    versionnee = True
    lignes: ClassVar[Callable[..., "QuerySet[Any]"]]

    def get_queryset(self) -> Any:
        return visibles(super().get_queryset(), self.request.user)

    def _ligne(self, cle: Any) -> referentiel.Ligne:
        trouvees = referentiel.en_lignes(type(self).lignes(self.get_queryset().filter(pk=cle)))
        if not trouvees:
            raise NotFound
        return trouvees[0]

    def retrieve(self, request: Request, *args: Any, **options: Any) -> Response:
        return self._lue()

    def create(self, request: Request, *args: Any, **options: Any) -> Response:
        return self._avec_version(self._ecrire(request, instance=None), status=201)

    def update(self, request: Request, *args: Any, **options: Any) -> Response:
        partiel = bool(options.get("partial"))
        return self._avec_version(self._ecrire(request, instance=self.get_object(), partial=partiel))

    def _lue(self) -> Response:
        """L'étiquette est lue avant la ligne : jamais plus neuve que ce qu'elle accompagne."""
        objet = self.get_object()
        return Response(self._ligne(objet.pk), headers=versions.en_tete(vue(objet)))

    def _avec_version(self, objet: Any, **options: Any) -> Response:
        """Une ligne tout juste écrite : ce que la base en a gardé, étiquette d'abord."""
        en_tete = versions.en_tete(etiquette_de(objet))
        return Response(self._ligne(objet.pk), headers=en_tete, **options)

    def _ecrire(
        self, request: Request, *, instance: Any, lies: dict[str, Any] | None = None, **options: Any
    ) -> Any:
        """Valide puis écrit ; `lies` : ce que le chemin impose (le centre d'un poste)."""
        if instance is not None:
            versions.exiger(request, instance)
        contexte = {**self.get_serializer_context(), "lies": lies or {}}
        formulaire = self.get_serializer_class()(instance, data=request.data, context=contexte, **options)
        formulaire.is_valid(raise_exception=True)
        try:
            with versions.traduire(request), transaction.atomic():
                objet = formulaire.save(**(lies or {}))
        except IntegrityError:
            raise Conflit("Une écriture simultanée a pris cette place : relire, puis recommencer.") from None
        return objet

    def perform_destroy(self, instance: Any) -> None:
        versions.exiger(self.request, instance)
        try:
            with versions.traduire(self.request), transaction.atomic():
                instance.delete()
        except ProtectedError as erreur:
            liees = {str(objet._meta.verbose_name_plural) for objet in erreur.protected_objects}
            raise Conflit(
                f"« {instance} » ne se supprime pas : {len(erreur.protected_objects)} lignes en dépendent "
                f"({', '.join(sorted(liees))})."
            ) from None


def documenter(singulier: str, pluriel: str, **particulieres: Any) -> Any:
    """Les résumés OpenAPI des six opérations usuelles ; `singulier` avec son article (« une région »)."""

    def resume(phrase: str, **options: Any) -> Any:
        return extend_schema(summary=phrase, tags=ETIQUETTE, **options)

    usuelles = {
        "list": resume(f"Lister les {pluriel}"),
        "retrieve": resume(f"Lire {singulier}"),
        "create": resume(f"Créer {singulier} (équipe)"),
        "update": resume(f"Remplacer {singulier} (équipe)"),
        "partial_update": resume(f"Modifier {singulier} (équipe)"),
        "destroy": resume(f"Supprimer {singulier} (équipe)", responses=SUPPRIMEE),
    }
    return extend_schema_view(**{**usuelles, **particulieres})


def ou_404(lire: Callable[..., Any], *cles: Any) -> Any:
    try:
        return lire(*cles)
    except (Direction.DoesNotExist, Centre.DoesNotExist, CentrePoste.DoesNotExist):
        raise NotFound from None
