"""Routes de l'API des grilles, sans barre finale."""

from django.urls import path

from euromillions.grilles import api

routes = [
    path("generate-advanced", api.Generer.as_view(), name="generate-advanced"),
    path("precision", api.PrecisionDesStrategies.as_view(), name="precision"),
    path("task-status/<str:task_id>", api.Tache.as_view(), name="task-status"),
]
