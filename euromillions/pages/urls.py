"""Pages EuroMillions, sous `/euromillions/`."""

from django.urls import path

from euromillions.pages import backtest, exports, grilles, heuristiques, imports, statistiques, suivi, tirages
from simulateur.web import convertisseurs

convertisseurs.installer()
app_name = "euromillions"

urlpatterns = [
    path("", statistiques.accueil, name="accueil"),
    path("tirages", tirages.tirages, name="tirages"),
    path("exports/grilles.<slug:format>", exports.mes_grilles, name="exporter-grilles"),
    path("exports/<slug:contenu>.<slug:format>", exports.selection, name="exporter"),
    path("tirages/<jour:jour>", tirages.tirage, name="tirage"),
    path("frequences", statistiques.frequences, name="frequences"),
    path("ecarts", statistiques.ecarts, name="ecarts"),
    path("combinaisons", statistiques.combinaisons, name="combinaisons"),
    path("repartitions", statistiques.repartitions, name="repartitions"),
    path("uniformite", statistiques.uniformite, name="uniformite"),
    path("gains", statistiques.gains, name="gains"),
    path("numeros/<int:valeur>", statistiques.fiche_numero, name="numero"),
    path("etoiles/<int:valeur>", statistiques.fiche_etoile, name="etoile"),
    path("backtest", backtest.backtests, name="backtests"),
    path("backtest/<uuid:cle>", backtest.backtest, name="backtest"),
    path("backtest/<uuid:cle>/suivi", backtest.suivi, name="backtest-suivi"),
    path("backtest/<uuid:cle>/emporter.<slug:format>", backtest.exporter, name="backtest-exporter"),
    path("backtest/<uuid:cle>/annuler", backtest.annuler, name="backtest-annuler"),
    path("backtest/<uuid:cle>/relancer", backtest.relancer, name="backtest-relancer"),
    path("performance", suivi.performance, name="performance"),
    path("rapports", suivi.rapports, name="rapports"),
    path("rapports/<jour:jour>", suivi.rapport, name="rapport"),
    path("rapports/<jour:jour>/impression", suivi.rapport_imprimable, name="rapport-imprimable"),
    path("heuristiques", heuristiques.heuristiques, name="heuristiques"),
    path("noter", heuristiques.noter, name="noter"),
    path("verificateur", heuristiques.verificateur, name="verificateur"),
    path("precision", grilles.precision, name="precision"),
    path("grilles", grilles.grilles, name="grilles"),
    path("grilles/<uuid:cle>", grilles.generation, name="generation"),
    path("grilles/<uuid:cle>/suivi", grilles.suivi, name="generation-suivi"),
    path("grilles/<uuid:cle>/annuler", grilles.annuler, name="generation-annuler"),
    path("grilles/<uuid:cle>/relancer", grilles.relancer, name="generation-relancer"),
]

# Un espace de noms à eux : ces adresses sont réservées au personnel.
imports_urlpatterns = [
    path("imports", imports.liste, name="liste"),
    path("imports/telecharger", imports.telecharger_archive, name="telecharger"),
    path("imports/conflits", imports.conflits, name="conflits"),
    path("imports/conflits/<int:cle>/trancher", imports.trancher_conflit, name="trancher"),
    path("imports/<int:cle>", imports.detail, name="detail"),
    path("imports/<int:cle>/confirmer", imports.confirmer_import, name="confirmer"),
    path("imports/<int:cle>/abandonner", imports.abandonner_import, name="abandonner"),
]
