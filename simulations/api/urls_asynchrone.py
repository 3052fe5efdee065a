"""Routes de l'API asynchrone, sans barre finale : c'est le contrat."""

from django.urls import path

from simulateur.api import file
from simulations.api import lancement, suivi

urlpatterns = [
    path(
        "simulation/direction/<int:direction_id>",
        lancement.SimulationDirection.as_view(),
        name="api-sim-direction",
    ),
    path("simulation/nationale", lancement.SimulationNationale.as_view(), name="api-sim-nationale"),
    path("simulation/centres/batch", lancement.SimulationLot.as_view(), name="api-sim-lot"),
    path("task/<str:task_id>", suivi.Tache.as_view(), name="api-task"),
    path("health", file.VueSante.as_view(), name="api-sante"),
    path("tasks/active", suivi.TachesActives.as_view(), name="api-actives"),
    path("stats", file.VueStats.as_view(), name="api-stats"),
]
