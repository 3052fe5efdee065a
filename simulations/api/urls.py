"""Routes de l'API des simulations gardées, scénarios, exports et calculs immédiats, sous `/api/`."""

from django.urls import path

from simulations.api import analyses, essai, exports, historique, immediat, partages, scenarios

urlpatterns = [
    path("simulations", historique.Historique.as_view(), name="api-simulations"),
    path("simulations/comparer", analyses.Comparaison.as_view(), name="api-comparer"),
    path(
        "simulations/comparer/fichier", analyses.FichierDeComparaison.as_view(), name="api-comparer-fichier"
    ),
    path("simulations/<uuid:cle>/postes", historique.Postes.as_view(), name="api-simulation-postes"),
    *(
        path(f"simulations/<uuid:cle>/{code}", vue.as_view(), name=f"api-{code}")
        for code, vue in analyses.VUES.items()
    ),
    *(
        path(f"simulations/<uuid:cle>/{code}/fichier", vue.as_view(), name=f"api-{code}-fichier")
        for code, vue in analyses.FICHIERS.items()
    ),
    path("simulations/<uuid:cle>/partages", partages.Partages.as_view(), name="api-partages"),
    path("simulations/<uuid:cle>/partages/<int:pk>", partages.UnPartage.as_view(), name="api-partage"),
    path("simulations/<uuid:cle>/rejouer", historique.Rejeu.as_view(), name="api-rejouer"),
    path("simulations/<uuid:cle>/conserver", historique.Conservation.as_view(), name="api-conserver"),
    path("simulations/<uuid:cle>/export", exports.ExportDeSimulation.as_view(), name="api-export-simulation"),
    path("exports/<uuid:cle>", exports.Suivi.as_view(), name="api-export"),
    path("exports/<uuid:cle>/fichier", exports.Fichier.as_view(), name="api-export-fichier"),
    path("scenarios", scenarios.Liste.as_view(), name="api-scenarios"),
    path("scenarios/<int:pk>", scenarios.Detail.as_view(), name="api-scenario"),
    path("scenarios/<int:pk>/dupliquer", scenarios.Duplication.as_view(), name="api-scenario-dupliquer"),
    path("scenarios/<int:pk>/valider", scenarios.Validation.as_view(), name="api-scenario-valider"),
    path("scenarios/<int:pk>/simuler", scenarios.Simuler.as_view(), name="api-scenario-simuler"),
    path("simulation/essai", essai.Essai.as_view(), name="api-essai"),
    path("simulation/cible", essai.Cible.as_view(), name="api-cible"),
    path("simulation/centre/<int:centre_id>", immediat.SimulationCentre.as_view(), name="api-sim-centre"),
    path(
        "simulation/centre/<int:centre_id>/modes",
        immediat.ModesDuCentre.as_view(),
        name="api-sim-centre-modes",
    ),
    path(
        "simulation/poste/<int:centre_poste_id>",
        immediat.SimulationPoste.as_view(),
        name="api-sim-poste",
    ),
    path(
        "simulation/direction/<int:direction_id>/modes",
        immediat.ModesCompares.as_view(),
        name="api-sim-modes",
    ),
]
