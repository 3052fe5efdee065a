"""Pages d'import, sous /euromillions/imports."""

from django.urls import path

from euromillions.imports import views

app_name = "euromillions-imports"

urlpatterns = [
    path("", views.liste, name="liste"),
    path("/telecharger", views.telecharger_archive, name="telecharger"),
    path("/conflits", views.conflits, name="conflits"),
    path("/conflits/<int:cle>/trancher", views.trancher_conflit, name="trancher"),
    path("/<int:cle>", views.detail, name="detail"),
    path("/<int:cle>/confirmer", views.confirmer_import, name="confirmer"),
    path("/<int:cle>/abandonner", views.abandonner_import, name="abandonner"),
]
