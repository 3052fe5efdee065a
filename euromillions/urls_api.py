"""Routes de l'API EuroMillions, sans barre finale."""

from django.urls import path

from euromillions import api
from euromillions.grilles.urls_api import routes as routes_des_grilles
from euromillions.imports.urls_api import routes as routes_des_imports

app_name = "api-euromillions"

urlpatterns = [
    path("quick-stats", api.StatistiquesRapides.as_view(), name="quick-stats"),
    path("stats", api.StatistiquesCompletes.as_view(), name="stats"),
    path("gap-analysis", api.AnalyseEcarts.as_view(), name="gap-analysis"),
    path("combination-analysis", api.AnalyseCombinaisons.as_view(), name="combination-analysis"),
    path("numbers/<int:valeur>", api.HistoireBoule.as_view(), name="number"),
    path("stars/<int:valeur>", api.HistoireBoule.as_view(etoile=True), name="star"),
    path("years", api.Annees.as_view(), name="years"),
    path("eras", api.Eres.as_view(), name="eras"),
    path("payouts", api.Gains.as_view(), name="payouts"),
    path("draws", api.Tirages.as_view(), name="draws"),
    path("draws/<str:jour>", api.UnTirage.as_view(), name="draw"),
    *routes_des_grilles,
    *routes_des_imports,
]
