"""Routes de l'API des simulations gardées, scénarios, exports et calculs immédiats, sous `/api/`."""

from django.urls import path

from simulations.api import exports as exports
from simulations.api import immediat as api_synchrone
from simulations.api import scenarios as scenarios
from simulations.api import simulations as api_analyses

urlpatterns = [
    path("simulations", api_analyses.Historique.as_view(), name="api-simulations"),
    path("simulations/comparer", api_analyses.Comparaison.as_view(), name="api-comparer"),
    path("simulations/<uuid:cle>/postes", api_analyses.Postes.as_view(), name="api-simulation-postes"),
    path("simulations/<uuid:cle>/sensibilites", api_analyses.Sensibilites.as_view(), name="api-sensibilites"),
    path("simulations/<uuid:cle>/incertitude", api_analyses.Incertitude.as_view(), name="api-incertitude"),
    path(
        "simulations/<uuid:cle>/reequilibrage", api_analyses.Reequilibrage.as_view(), name="api-reequilibrage"
    ),
    path("simulations/<uuid:cle>/profil", api_analyses.Profil.as_view(), name="api-profil"),
    path("simulations/<uuid:cle>/couts", api_analyses.Couts.as_view(), name="api-couts"),
    path("simulations/<uuid:cle>/metiers", api_analyses.Metiers.as_view(), name="api-metiers"),
    path("simulations/<uuid:cle>/modes", api_analyses.Modes.as_view(), name="api-modes"),
    path("simulations/<uuid:cle>/rejouer", api_analyses.Rejeu.as_view(), name="api-rejouer"),
    path("simulations/<uuid:cle>/conserver", api_analyses.Conservation.as_view(), name="api-conserver"),
    path("simulations/<uuid:cle>/export", exports.ExportDeSimulation.as_view(), name="api-export-simulation"),
    path("exports/<uuid:cle>", exports.Suivi.as_view(), name="api-export"),
    path("exports/<uuid:cle>/fichier", exports.Fichier.as_view(), name="api-export-fichier"),
    path("scenarios", scenarios.Liste.as_view(), name="api-scenarios"),
    path("scenarios/<int:pk>", scenarios.Detail.as_view(), name="api-scenario"),
    path("scenarios/<int:pk>/dupliquer", scenarios.Duplication.as_view(), name="api-scenario-dupliquer"),
    path("scenarios/<int:pk>/valider", scenarios.Validation.as_view(), name="api-scenario-valider"),
    path("scenarios/<int:pk>/simuler", scenarios.Simuler.as_view(), name="api-scenario-simuler"),
    path(
        "simulation/centre/<int:centre_id>", api_synchrone.SimulationCentre.as_view(), name="api-sim-centre"
    ),
    path(
        "simulation/centre/<int:centre_id>/modes",
        api_synchrone.ModesDuCentre.as_view(),
        name="api-sim-centre-modes",
    ),
    path(
        "simulation/poste/<int:centre_poste_id>",
        api_synchrone.SimulationPoste.as_view(),
        name="api-sim-poste",
    ),
    path(
        "simulation/direction/<int:direction_id>/modes",
        api_synchrone.ModesCompares.as_view(),
        name="api-sim-modes",
    ),
]
