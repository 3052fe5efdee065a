"""Pages du référentiel, sous `/referentiels/`."""

from django.urls import path

from referentiels.pages import exports, imports

app_name = "referentiels"
urlpatterns = [
    path("imports/", imports.liste, name="imports"),
    path("imports/nouveau/<slug:genre>/", imports.nouveau, name="import-nouveau"),
    path("imports/depuis-modele/", imports.remplir, name="import-depuis-modele"),
    path("exports/<slug:genre>.<slug:format>", exports.telecharger, name="export"),
    path("gabarits/<slug:genre>.xlsx", exports.gabarit, name="gabarit"),
    path("imports/<int:pk>/", imports.detail, name="import"),
    path("imports/<int:pk>/appliquer/", imports.appliquer, name="import-appliquer"),
    path("imports/<int:pk>/defaire/", imports.defaire, name="import-defaire"),
    path("imports/<int:pk>/erreurs.csv", imports.rejets_csv, name="import-erreurs"),
]
