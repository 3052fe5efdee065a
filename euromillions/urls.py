"""Routes d'EuroMillions, depuis la racine du site."""

from django.urls import include, path

urlpatterns = [
    path("euromillions/", include("euromillions.pages.urls")),
    path("euromillions/", include("euromillions.pages.urls_imports")),
    path("api/euromillions/", include("euromillions.api.urls")),
]
