"""Le schéma OpenAPI servi, en YAML ou en JSON (`Accept`, ou `?format=json`)."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.negotiation import DefaultContentNegotiation

from simulateur.api.vues import VueApi


class VueSchema(VueApi, SpectacularAPIView):
    content_negotiation_class = DefaultContentNegotiation


class OuUnTableauDecrit(OpenApiSerializerExtension):
    """Un sérialiseur `OuUnTableau` se décrit par deux formes : l'objet, ou le tableau."""

    target_class = "simulateur.api.formes.OuUnTableau"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        objet = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {"oneOf": [objet, self.target.tableau(objet)]}
