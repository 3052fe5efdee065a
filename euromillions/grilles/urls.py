"""Routes des pages de grilles (dans l'espace de noms `euromillions`)."""

from django.urls import path

from euromillions.grilles import views

routes = [
    path("precision", views.precision, name="precision"),
    path("grilles", views.grilles, name="grilles"),
    path("grilles/<uuid:cle>", views.generation, name="generation"),
    path("grilles/<uuid:cle>/suivi", views.suivi, name="generation-suivi"),
    path("grilles/<uuid:cle>/annuler", views.annuler, name="generation-annuler"),
]
