"""Routes de l'API des grilles, sans barre finale."""

from django.urls import path

from euromillions import convertisseurs
from euromillions.grilles import api, api_backtest, api_heuristiques, api_suivi

convertisseurs.installer()
routes = [
    path("generate-advanced", api.Generer.as_view(), name="generate-advanced"),
    path("backtest", api_backtest.LancerBacktest.as_view(), name="backtests"),
    path("backtest/<uuid:cle>", api_backtest.UnBacktest.as_view(), name="backtest"),
    path("performance-metrics", api_suivi.Performance.as_view(), name="performance-metrics"),
    path("weekly-reports", api_suivi.Rapports.as_view(), name="weekly-reports"),
    path("weekly-reports/<jour:jour>", api_suivi.UnRapport.as_view(), name="weekly-report"),
    path("gap-prediction", api_heuristiques.EcartsPredits.as_view(), name="gap-prediction"),
    path("frequent-combinations", api_heuristiques.CombinaisonsFrequentes.as_view(), name="frequent"),
    path("score-grid", api_heuristiques.NoterUneGrille.as_view(), name="score-grid"),
    path("compare-grids", api_heuristiques.ComparerDesGrilles.as_view(), name="compare-grids"),
    path("popularity", api_heuristiques.Popularite.as_view(), name="popularity"),
    path("prediction-model", api_heuristiques.Modele.as_view(), name="prediction-model"),
    path("check-grid", api_heuristiques.VerifierUneGrille.as_view(), name="check-grid"),
    path("precision", api.PrecisionDesStrategies.as_view(), name="precision"),
    path("task-status/<str:task_id>", api.Tache.as_view(), name="task-status"),
]
