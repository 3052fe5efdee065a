"""Routes du référentiel, depuis la racine du site."""

from django.urls import include, path

urlpatterns = [
    path("referentiels/", include("referentiels.pages.urls")),
    path("api/", include("referentiels.api.urls")),
]
