"""Routes des pages de grilles (dans l'espace de noms `euromillions`)."""

from django.urls import path

from euromillions import convertisseurs
from euromillions.grilles import views, vues_backtest, vues_heuristiques, vues_suivi

convertisseurs.installer()
routes = [
    path("backtest", vues_backtest.backtests, name="backtests"),
    path("backtest/<uuid:cle>", vues_backtest.backtest, name="backtest"),
    path("backtest/<uuid:cle>/suivi", vues_backtest.suivi, name="backtest-suivi"),
    path("backtest/<uuid:cle>/annuler", vues_backtest.annuler, name="backtest-annuler"),
    path("performance", vues_suivi.performance, name="performance"),
    path("rapports", vues_suivi.rapports, name="rapports"),
    path("rapports/<jour:jour>", vues_suivi.rapport, name="rapport"),
    path("rapports/<jour:jour>/impression", vues_suivi.rapport_imprimable, name="rapport-imprimable"),
    path("heuristiques", vues_heuristiques.heuristiques, name="heuristiques"),
    path("noter", vues_heuristiques.noter, name="noter"),
    path("verificateur", vues_heuristiques.verificateur, name="verificateur"),
    path("precision", views.precision, name="precision"),
    path("grilles", views.grilles, name="grilles"),
    path("grilles/<uuid:cle>", views.generation, name="generation"),
    path("grilles/<uuid:cle>/suivi", views.suivi, name="generation-suivi"),
    path("grilles/<uuid:cle>/annuler", views.annuler, name="generation-annuler"),
]
