"""Pages des imports de tirages, sous `/euromillions/imports`."""

from django.urls import path

from euromillions.pages import imports

app_name = "euromillions-imports"

urlpatterns = [
    path("imports", imports.liste, name="liste"),
    path("imports/telecharger", imports.telecharger_archive, name="telecharger"),
    path("imports/conflits", imports.conflits, name="conflits"),
    path("imports/conflits/<int:cle>/trancher", imports.trancher_conflit, name="trancher"),
    path("imports/<int:cle>", imports.detail, name="detail"),
    path("imports/<int:cle>/confirmer", imports.confirmer_import, name="confirmer"),
    path("imports/<int:cle>/abandonner", imports.abandonner_import, name="abandonner"),
]
