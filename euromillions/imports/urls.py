"""Pages d'import, sous /euromillions/imports."""

from django.urls import path

from euromillions.imports import views

app_name = "euromillions-imports"

urlpatterns = [
    path("imports", views.liste, name="liste"),
    path("imports/telecharger", views.telecharger_archive, name="telecharger"),
    path("imports/conflits", views.conflits, name="conflits"),
    path("imports/conflits/<int:cle>/trancher", views.trancher_conflit, name="trancher"),
    path("imports/<int:cle>", views.detail, name="detail"),
    path("imports/<int:cle>/confirmer", views.confirmer_import, name="confirmer"),
    path("imports/<int:cle>/abandonner", views.abandonner_import, name="abandonner"),
]
