"""Les routes du site, et une vue vide : ce à quoi une réponse gardée est comparée."""

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from simulateur.urls import urlpatterns as du_site


class VueVide(APIView):
    """Rien que l'authentification et les limites d'appel."""

    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [path("api/vide", VueVide.as_view()), *du_site]
