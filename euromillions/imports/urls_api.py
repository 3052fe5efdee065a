"""Routes de l'API des imports, ajoutées à celles de `euromillions.urls_api`."""

from django.urls import path

from euromillions.imports import api

routes = [
    path("import", api.DepotDeFichier.as_view(), name="import"),
    path("imports/<int:cle>/confirmer", api.Confirmation.as_view(), name="import-confirmer"),
    path("conflits", api.Conflits.as_view(), name="conflits"),
    path("conflits/<int:cle>/trancher", api.Decision.as_view(), name="conflit-trancher"),
]
