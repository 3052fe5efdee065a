"""Routes des imports seules, sous les mêmes chemins que dans le projet."""

from django.urls import include, path

from referentiels.imports.urls import routes_api, routes_pages
from simulateur.urls import urlpatterns as routes_du_projet

urlpatterns = [
    path("referentiels/", include((routes_pages, "referentiels"))),
    path("api/", include(routes_api)),
    *routes_du_projet,
]
