"""Routes de l'API des grilles, sans barre finale."""

from django.urls import path

from euromillions.grilles import api, api_backtest

routes = [
    path("generate-advanced", api.Generer.as_view(), name="generate-advanced"),
    path("backtest", api_backtest.LancerBacktest.as_view(), name="backtests"),
    path("backtest/<uuid:cle>", api_backtest.UnBacktest.as_view(), name="backtest"),
    path("precision", api.PrecisionDesStrategies.as_view(), name="precision"),
    path("task-status/<str:task_id>", api.Tache.as_view(), name="task-status"),
]
