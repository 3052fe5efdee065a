"""Routes des imports, à inclure par `euromillions.urls` : pages et API."""

from django.urls import path

from euromillions.imports import api, views

pages = [
    path("imports", views.imports, name="imports"),
    path("imports/telecharger", views.telecharger_archive, name="import-telecharger"),
    path("imports/conflits", views.conflits, name="conflits"),
    path("imports/conflits/<int:cle>/trancher", views.trancher_conflit, name="conflit-trancher"),
    path("imports/<int:cle>", views.un_import, name="import"),
    path("imports/<int:cle>/confirmer", views.confirmer_import, name="import-confirmer"),
    path("imports/<int:cle>/abandonner", views.abandonner_import, name="import-abandonner"),
]
routes_api = [
    path("import", api.DepotDeFichier.as_view(), name="api-import"),
    path("imports/<int:cle>/confirmer", api.Confirmation.as_view(), name="api-import-confirmer"),
    path("conflits", api.Conflits.as_view(), name="api-conflits"),
    path("conflits/<int:cle>/trancher", api.Decision.as_view(), name="api-conflit-trancher"),
]
