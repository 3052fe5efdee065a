"""Le schéma OpenAPI servi, en YAML ou en JSON (`Accept`, ou `?format=json`)."""

from drf_spectacular.views import SpectacularAPIView
from rest_framework.negotiation import DefaultContentNegotiation

from simulateur.api.vues import VueApi


class VueSchema(VueApi, SpectacularAPIView):
    content_negotiation_class = DefaultContentNegotiation
