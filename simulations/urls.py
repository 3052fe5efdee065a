"""Routes des effectifs, depuis la racine du site."""

from django.urls import include, path

urlpatterns = [
    path("effectifs/", include("simulations.pages.urls")),
    path("api/async/", include("simulations.api.urls_asynchrone")),
    path("api/", include("simulations.api.urls")),
]
