"""API EuroMillions, sous `/api/euromillions/`, sans barre finale."""

from django.urls import path

from euromillions.api import backtest, exports, grilles, heuristiques, imports, statistiques, suivi, tirages
from simulateur.web import convertisseurs

convertisseurs.installer()
app_name = "api-euromillions"

urlpatterns = [
    path("quick-stats", statistiques.StatistiquesRapides.as_view(), name="quick-stats"),
    path("stats", statistiques.StatistiquesCompletes.as_view(), name="stats"),
    path("gap-analysis", statistiques.AnalyseEcarts.as_view(), name="gap-analysis"),
    path("combination-analysis", statistiques.AnalyseCombinaisons.as_view(), name="combination-analysis"),
    path("numbers/<int:valeur>", statistiques.HistoireBoule.as_view(), name="number"),
    path("stars/<int:valeur>", statistiques.HistoireBoule.as_view(etoile=True), name="star"),
    path("years", statistiques.Annees.as_view(), name="years"),
    path("eras", statistiques.Eres.as_view(), name="eras"),
    path("payouts", statistiques.Gains.as_view(), name="payouts"),
    path("freshness", statistiques.Fraicheur.as_view(), name="freshness"),
    path("exports/draws", exports.ExporterLaSelection.as_view(), name="export-draws"),
    path(
        "exports/frequencies",
        exports.ExporterLaSelection.as_view(contenu="frequences"),
        name="export-frequencies",
    ),
    path("exports/pairs", exports.ExporterLaSelection.as_view(contenu="paires"), name="export-pairs"),
    path("exports/grids", exports.ExporterMesGrilles.as_view(), name="export-grids"),
    path("draws", tirages.Tirages.as_view(), name="draws"),
    path("draws/<str:jour>", tirages.UnTirage.as_view(), name="draw"),
    path("generate-advanced", grilles.Generer.as_view(), name="generate-advanced"),
    path("backtest", backtest.LancerBacktest.as_view(), name="backtests"),
    path("backtest/<uuid:cle>", backtest.UnBacktest.as_view(), name="backtest"),
    path("backtest/<uuid:cle>/export", exports.ExporterUnBacktest.as_view(), name="backtest-export"),
    path("performance-metrics", suivi.Performance.as_view(), name="performance-metrics"),
    path("weekly-reports", suivi.Rapports.as_view(), name="weekly-reports"),
    path("weekly-reports/<jour:jour>", suivi.UnRapport.as_view(), name="weekly-report"),
    path("gap-prediction", heuristiques.EcartsPredits.as_view(), name="gap-prediction"),
    path("frequent-combinations", heuristiques.CombinaisonsFrequentes.as_view(), name="frequent"),
    path("score-grid", heuristiques.NoterUneGrille.as_view(), name="score-grid"),
    path("compare-grids", heuristiques.ComparerDesGrilles.as_view(), name="compare-grids"),
    path("popularity", heuristiques.Popularite.as_view(), name="popularity"),
    path("prediction-model", heuristiques.Modele.as_view(), name="prediction-model"),
    path("check-grid", heuristiques.VerifierUneGrille.as_view(), name="check-grid"),
    path("precision", grilles.PrecisionDesStrategies.as_view(), name="precision"),
    path("task-status/<str:task_id>", grilles.Tache.as_view(), name="task-status"),
    path("import", imports.DepotDeFichier.as_view(), name="import"),
    path("imports/<int:cle>/confirmer", imports.Confirmation.as_view(), name="import-confirmer"),
    path("conflits", imports.Conflits.as_view(), name="conflits"),
    path("conflits/<int:cle>/trancher", imports.Decision.as_view(), name="conflit-trancher"),
]
