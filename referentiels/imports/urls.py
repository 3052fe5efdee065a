"""Routes des imports. `routes_api` se place sous `api/`, `routes_pages` sous l'espace `referentiels`."""

from django.urls import path

from referentiels.imports import api, views

routes_api = [
    path("imports", api.Imports.as_view(), name="api-imports"),
    path("imports/<int:pk>", api.Import.as_view(), name="api-import"),
    path("imports/taches", api.ImporterTaches.as_view(), name="api-importer-taches"),
    path("imports/volumes", api.ImporterVolumes.as_view(), name="api-importer-volumes"),
    path("imports/effectifs", api.ImporterEffectifs.as_view(), name="api-importer-effectifs"),
    path(
        "centres/<int:pk>/taches/depuis-modele",
        api.RemplirDepuisModele.as_view(),
        name="api-remplir-depuis-modele",
    ),
]
routes_pages = [
    path("imports/", views.liste, name="imports"),
    path("imports/nouveau/<slug:genre>/", views.nouveau, name="import-nouveau"),
    path("imports/depuis-modele/", views.remplir, name="import-depuis-modele"),
    path("imports/<int:pk>/", views.detail, name="import"),
    path("imports/<int:pk>/appliquer/", views.appliquer, name="import-appliquer"),
    path("imports/<int:pk>/erreurs.csv", views.rejets_csv, name="import-erreurs"),
]
