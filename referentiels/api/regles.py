"""API des règles de calcul : de petites listes en lecture seule ; elles s'écrivent dans l'admin."""

from collections.abc import Callable

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request

from referentiels.api import serializers
from referentiels.api.base import ETIQUETTE, GrandePagination, Lecture
from referentiels.lectures import referentiel
from referentiels.suivi import portees


def nomenclature(
    pluriel: str, lire: Callable[[], list[referentiel.Ligne]], forme: type, portee: str = portees.REGLES
) -> type[Lecture]:
    """La vue de liste d'une de ces tables, qui ne dépend que de cette portée."""

    @extend_schema_view(list=extend_schema(summary=f"Lister les {pluriel}", tags=ETIQUETTE))
    class Nomenclature(Lecture):
        serializer_class = forme
        filter_backends = ()
        pagination_class = GrandePagination

        def list(self, request: Request) -> HttpResponse:
            return self.page(request, depend_de=[portee], en_cache=lire, pagination=GrandePagination)

    return Nomenclature


TypologieVue = nomenclature(
    "typologies", referentiel.typologies, serializers.TypologieSerializer, portees.TYPOLOGIES
)
CelluleVue = nomenclature("cellules de volume", referentiel.cellules, serializers.CelluleSerializer)
ProduitVue = nomenclature("produits et leurs cellules", referentiel.produits, serializers.ProduitSerializer)
UniteVue = nomenclature("unités et leurs diviseurs", referentiel.unites, serializers.UniteSerializer)
PhaseVue = nomenclature("phases et leurs termes", referentiel.phases, serializers.PhaseSerializer)
ParametreVue = nomenclature("paramètres de calcul", referentiel.parametres, serializers.ParametreSerializer)
