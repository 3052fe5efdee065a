"""Routes d'EuroMillions, depuis la racine du site."""

from django.urls import include, path

from euromillions.pages.urls import imports_urlpatterns

urlpatterns = [
    path("euromillions/", include("euromillions.pages.urls")),
    path("euromillions/", include((imports_urlpatterns, "euromillions-imports"))),
    path("api/euromillions/", include("euromillions.api.urls")),
]
