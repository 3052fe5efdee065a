"""Routes de l'API asynchrone, sans barre finale : c'est le contrat."""

from django.urls import path

from simulations.api import asynchrone as api

urlpatterns = [
    path(
        "simulation/direction/<int:direction_id>", api.SimulationDirection.as_view(), name="api-sim-direction"
    ),
    path("simulation/nationale", api.SimulationNationale.as_view(), name="api-sim-nationale"),
    path("simulation/centres/batch", api.SimulationLot.as_view(), name="api-sim-lot"),
    path("task/<str:task_id>", api.Tache.as_view(), name="api-task"),
    path("health", api.Sante.as_view(), name="api-sante"),
    path("tasks/active", api.TachesActives.as_view(), name="api-actives"),
    path("stats", api.Stats.as_view(), name="api-stats"),
]
